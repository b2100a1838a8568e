/** The dashboard's files at `/`. They hold no secret: the browser brings its token in the fragment of the address, which never reaches a server. */
import { DimmerError } from "@dimmer/spec/errors";
import type { FastifyInstance } from "fastify";

/** Serves a built dashboard; every page address without a file is the one page. */
export async function registerDashboard(app: FastifyInstance, directory: string): Promise<void> {
  const { fastifyStatic } = await import("@fastify/static");
  await app.register(fastifyStatic, { root: directory, wildcard: false, cacheControl: false });
  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split("?", 1)[0] ?? "/";
    const isPage = request.method === "GET" && !path.startsWith("/api/") && !path.includes(".");
    if (!isPage) throw new DimmerError("not_found", `There is nothing at ${request.method} ${path}.`);
    return await reply.sendFile("index.html");
  });
}
