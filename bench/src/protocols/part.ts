/** What the protocols other clients speak cost, and how fast a change reaches a thousand of them. */
import type { Part } from "../part.ts";
import { withDirectory } from "../system/dimmer-command.ts";
import { startFlagServer } from "./flag-server.ts";
import { measureFollowers } from "./measure-followers.ts";
import { measureOfrep } from "./measure-ofrep.ts";

export const measureProtocols: Part = async (options) =>
  await withDirectory(async (directory) => {
    const server = await startFlagServer(directory);
    try {
      return [...(await measureOfrep(server, options)), ...(await measureFollowers(server, options))];
    } finally {
      await server.stop();
    }
  });
