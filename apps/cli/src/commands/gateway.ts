/** `dimmer gateway`: the data plane alone. */
import { parsePort, refuseMore } from "../arguments.ts";
import { stringOption, type Command } from "../command.ts";
import { serveUntilAskedToStop } from "../up/child-lifecycle.ts";
import { findFreePort } from "../up/free-port.ts";
import { runGateway } from "../up/run-gateway.ts";

/** Where the gateway listens when nothing else is said. */
export const defaultGatewayPort = 7701;

const graceMs = 30_000;

export const gateway: Command = {
  summary: "run the AI gateway alone",
  usage: "",
  examples: ["dimmer gateway --config gateway.yaml", "dimmer gateway --url https://dimmer.example --port 8080"],
  options: {
    port: {
      type: "string",
      value: "<port>",
      description: `default ${defaultGatewayPort}, or the next one that is free`,
    },
    host: { type: "string", value: "<address>", description: "address to listen on", default: "127.0.0.1" },
    config: {
      type: "string",
      value: "<file>",
      description: "providers and routes, JSON or YAML; default three simulated providers",
    },
  },
  async run({ positionals, options, output, env }) {
    refuseMore(positionals, 0);
    const host = stringOption(options, "host") ?? "127.0.0.1";
    const given = stringOption(options, "port");
    const port = given === undefined ? undefined : parsePort("--port", given);
    return await serveUntilAskedToStop(async () => {
      const { url, close } = await runGateway({
        env,
        host,
        port: port ?? (await findFreePort(host, defaultGatewayPort)),
        configFile: stringOption(options, "config"),
        say: output.say,
      });
      output.say(`gateway at ${url}`);
      return { url, close: () => close(graceMs) };
    });
  },
};
