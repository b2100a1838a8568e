/** `dimmer up`: control plane and gateway, supervised; with --demo, the story as well. */
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { defaultDirectory } from "@dimmer/api-client/find-control-plane";
import { DimmerError } from "@dimmer/spec/errors";
import { parsePort, refuseMore } from "../arguments.ts";
import { stringOption, type Command, type Invocation } from "../command.ts";
import { protocolArguments, protocolOptions } from "../protocol-options.ts";
import { listenForStop, untilAborted } from "../up/child-lifecycle.ts";
import type { RunningSystem, SystemOptions } from "../up/system.ts";

const defaultServerPort = 7700;
const defaultGatewayPort = 7701;

export const up: Command = {
  summary: "run control plane, gateway and dashboard on this machine",
  usage: "",
  examples: [
    "dimmer up",
    "dimmer up --gateway-config gateway.yaml",
    "dimmer up --demo",
    "dimmer up --demo --once --json",
  ],
  options: {
    port: {
      type: "string",
      value: "<port>",
      description: "of control plane and dashboard; the next one when it is taken",
      default: String(defaultServerPort),
    },
    "gateway-port": {
      type: "string",
      value: "<port>",
      description: "of the gateway; the next one when it is taken",
      default: String(defaultGatewayPort),
    },
    host: { type: "string", value: "<address>", description: "address to listen on", default: "127.0.0.1" },
    "gateway-config": {
      type: "string",
      value: "<file>",
      description: "the gateway's providers and routes; default three simulated providers",
    },
    ...protocolOptions,
    demo: {
      type: "boolean",
      description: "send demo traffic and play the story: dark, shadow, rollout, regression, kill, revive",
    },
    once: {
      type: "boolean",
      description:
        "with --demo: play it fast, in an empty folder of its own, then stop; exit code 1 when it did not come out as told",
    },
  },
  async run(invocation) {
    const { positionals, options } = invocation;
    refuseMore(positionals, 0);
    if (options["once"] === true && options["demo"] !== true)
      throw new DimmerError("usage", "--once plays the demo's story once: say --demo as well.");
    assertReadable("--gateway-config", stringOption(options, "gateway-config"));
    if (options["demo"] !== true) return await runSystem(invocation);
    if (options["once"] !== true) {
      const { runDemo } = await import("../demo/run-demo.ts");
      return await runDemo(systemOptions(invocation, directoryOf(invocation)), invocation.output);
    }
    const directory = mkdtempSync(join(tmpdir(), "dimmer-demo-"));
    try {
      const { runDemoOnce } = await import("../demo/run-demo.ts");
      return await runDemoOnce(systemOptions(invocation, directory), invocation.output);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};

/** What the file says is the gateway's to judge; that it is there is said before anything is started. */
function assertReadable(name: string, file: string | undefined): void {
  if (file === undefined) return;
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DimmerError(
      "usage",
      `${name} is '${file}', which cannot be read: ${reason}.`,
      { file },
      { cause: error },
    );
  }
}

async function runSystem(invocation: Invocation): Promise<number> {
  const { output } = invocation;
  const { startSystem } = await import("../up/system.ts");
  const signal = listenForStop();
  const options = { ...systemOptions(invocation, directoryOf(invocation)), signal };
  const system = await startSystem(options).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  if (system === undefined) {
    output.say("stopped before everything was up");
    return 0;
  }
  if (output.isJson)
    output.result({ server: system.serverUrl, gateway: system.gatewayUrl, directory: options.directory }, "");
  else await printBanner(system, options);
  await untilAborted(signal);
  output.say("stopping: running requests finish first");
  await system.stop();
  return 0;
}

async function printBanner(
  system: RunningSystem,
  { directory, environment, say, signal }: SystemOptions,
): Promise<void> {
  const { runApart } = await import("../up/run-apart.ts");
  await runApart(new URL("../up/print-banner.ts", import.meta.url), {
    args: [system.gatewayUrl],
    env: {
      DIMMER_URL: system.serverUrl,
      DIMMER_TOKEN: system.adminToken,
      DIMMER_ENVIRONMENT: environment,
      DIMMER_DIR: directory,
    },
    stdout: "inherit",
    signal,
  }).catch((error: unknown) => {
    if (signal?.aborted !== true) say(String(error));
  });
}

function systemOptions({ options, env, output }: Invocation, directory: string): SystemOptions {
  return {
    directory,
    environment: env["DIMMER_ENVIRONMENT"] ?? "default",
    host: stringOption(options, "host") ?? "127.0.0.1",
    serverPort: parsePort("--port", stringOption(options, "port") ?? String(defaultServerPort)),
    gatewayPort: parsePort("--gateway-port", stringOption(options, "gateway-port") ?? String(defaultGatewayPort)),
    gatewayConfig: stringOption(options, "gateway-config"),
    serverArguments: protocolArguments(options),
    env: { ...env, DIMMER_URL: undefined, DIMMER_TOKEN: undefined },
    say: output.say,
  };
}

function directoryOf({ env }: Invocation): string {
  return resolve(env["DIMMER_DIR"] ?? defaultDirectory);
}
