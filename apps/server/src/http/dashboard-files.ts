/** The dashboard's files at `/`. They hold no secret: the browser brings its token in the fragment of the address, which never reaches a server. */
import { sep } from "node:path";
import type { FastifyInstance } from "fastify";
import { notFound, pathOf } from "./http-server.ts";

/** Serves a built dashboard; every page address without a file is the one page. */
export async function registerDashboard(app: FastifyInstance, directory: string): Promise<void> {
  const { fastifyStatic } = await import("@fastify/static");
  await app.register(fastifyStatic, {
    root: directory,
    wildcard: false,
    cacheControl: false,
    // Files under assets/ have a hash in their name and never change; the page that names them does.
    setHeaders(reply, path) {
      const isHashed = path.includes(`${sep}assets${sep}`);
      void reply.header("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
  app.setNotFoundHandler(async (request, reply) => {
    const path = pathOf(request.url);
    const isPage = request.method === "GET" && !path.startsWith("/api/") && !path.includes(".");
    if (!isPage) throw notFound(request);
    return await reply.sendFile("index.html");
  });
}
