/** Starts listening, and says what is wrong with an address that cannot be listened on. */
import { DimmerError } from "@dimmer/spec/errors";
import type { FastifyInstance } from "fastify";

/**
 * Answers where the server listens. `port` 0: any free one.
 *
 * @throws `config_invalid` when the port is taken, or the address is not this machine's to open.
 */
export async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE")
      throw new DimmerError(
        "config_invalid",
        `The port ${port} on ${host} is taken. Choose another, or 0 for any free one.`,
        { host, port },
        { cause: error },
      );
    if (code === "EADDRNOTAVAIL" || code === "EACCES" || code === "ENOTFOUND")
      throw new DimmerError(
        "config_invalid",
        `This machine cannot listen on ${host}, port ${port} (${code}). Use an address of this machine and a port this user may open.`,
        { host, port },
        { cause: error },
      );
    throw error;
  }
}
