/** Finds a port to listen on. */
import { createServer } from "node:net";
import { DimmerError } from "@dimmer/spec/errors";

const attempts = 50;

/** `wanted`, or the next port after it that is free on `host`. Throws config_invalid when 50 in a row are taken. */
export async function findFreePort(host: string, wanted: number): Promise<number> {
  for (let port = wanted; port < wanted + attempts && port <= 65_535; port += 1)
    if (await isFree(host, port)) return port;
  throw new DimmerError("config_invalid", `The ports ${wanted} to ${wanted + attempts - 1} on ${host} are all taken.`, {
    port: wanted,
  });
}

async function isFree(host: string, port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
