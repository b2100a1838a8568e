/** `dimmer server`: the control plane alone. */
import { join } from "node:path";
import { defaultDirectory } from "@dimmer/api-client/find-control-plane";
import { createControlPlane, createServerLog } from "@dimmer/server";
import { parsePort, refuseMore } from "../arguments.ts";
import { stringOption, type Command } from "../command.ts";
import { createPlainLog } from "../output/plain-log.ts";
import { protocolOptions, readProtocolOptions } from "../protocol-options.ts";
import { serveUntilAskedToStop } from "../up/child-lifecycle.ts";
import { findFreePort } from "../up/free-port.ts";

/** Where the control plane listens when nothing else is said. */
export const defaultServerPort = 7700;

export const server: Command = {
  summary: "run the control plane alone",
  usage: "",
  examples: [
    "dimmer server",
    "dimmer server --port 7800 --dir /var/lib/dimmer",
    "dimmer server --flagd-sync-port 8015 --flagd-evaluation-port 8013",
  ],
  options: {
    port: {
      type: "string",
      value: "<port>",
      description: `default ${defaultServerPort}, or the next one that is free`,
    },
    host: { type: "string", value: "<address>", description: "address to listen on", default: "127.0.0.1" },
    dashboard: { type: "string", value: "<folder>", description: "built dashboard to serve; default none" },
    ...protocolOptions,
  },
  async run({ positionals, options, output, env }) {
    refuseMore(positionals, 0);
    const directory = env["DIMMER_DIR"] ?? defaultDirectory;
    const host = stringOption(options, "host") ?? "127.0.0.1";
    const given = stringOption(options, "port");
    const port = given === undefined ? undefined : parsePort("--port", given);
    const protocols = readProtocolOptions(options);
    const dashboardDirectory = stringOption(options, "dashboard");
    return await serveUntilAskedToStop(async () => {
      const controlPlane = await createControlPlane({
        directory,
        host,
        // A person watches a terminal, or `dimmer up`; anything else collects lines.
        log:
          process.stderr.isTTY === true || process.send !== undefined
            ? createPlainLog(output.say)
            : createServerLog("warn"),
        port: port ?? (await findFreePort(host, defaultServerPort)),
        ...(dashboardDirectory === undefined ? {} : { dashboardDirectory }),
        ...protocols,
      });
      output.say(
        `control plane at ${controlPlane.url}, data in ${directory}, admin token in ${join(directory, "admin-token")}`,
      );
      const { syncPort, evaluationPort } = controlPlane.flagdPorts;
      if (syncPort !== undefined) output.say(`flagd sync at ${host}:${syncPort}`);
      if (evaluationPort !== undefined) output.say(`flagd evaluation at ${host}:${evaluationPort}`);
      return controlPlane;
    });
  },
};
