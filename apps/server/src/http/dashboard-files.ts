/** The dashboard's files at `/`. They hold no secret: the browser brings its token in the fragment of the address, which never reaches a server. */
import type { FastifyInstance } from "fastify";
import { notFound, pathOf } from "./http-server.ts";

/** Serves a built dashboard; every page address without a file is the one page. */
export async function registerDashboard(app: FastifyInstance, directory: string): Promise<void> {
  const { fastifyStatic } = await import("@fastify/static");
  await app.register(fastifyStatic, { root: directory, wildcard: false, cacheControl: false });
  app.setNotFoundHandler(async (request, reply) => {
    const path = pathOf(request.url);
    const isPage = request.method === "GET" && !path.startsWith("/api/") && !path.includes(".");
    if (!isPage) throw notFound(request);
    return await reply.sendFile("index.html");
  });
}
