/** Finds a port to listen on. */
import { createServer } from "node:net";
import { DimmerError } from "@dimmer/spec/errors";

const attempts = 50;

/**
 * `wanted`, or the next port after it that is free on `host`; any free one for 0. Throws config_invalid when `host` is no
 * address of this machine, and when 50 in a row are taken.
 */
export async function findFreePort(host: string, wanted: number): Promise<number> {
  const last = Math.min(wanted + attempts - 1, 65_535);
  for (let port = wanted; port <= last; port += 1) {
    const free = await tryPort(host, port);
    if (free !== undefined) return free;
  }
  throw new DimmerError("config_invalid", `The ports ${wanted} to ${last} on ${host} are all taken.`, { port: wanted });
}

/** The port a server got, or undefined where it got none. */
async function tryPort(host: string, port: number): Promise<number | undefined> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      // No other port helps where the address itself is the fault.
      if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND")
        reject(
          new DimmerError(
            "config_invalid",
            `'${host}' is no address of this machine (${error.code}), so nothing can listen there.`,
            { host },
            { cause: error },
          ),
        );
      else resolve(undefined);
    });
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === "object" ? address.port : port));
    });
  });
}
