/** `dimmer kill`: the fastest path there is. */
import { defaultDirectory } from "@dimmer/api-client/find-control-plane";
import { DimmerError } from "@dimmer/spec/errors";
import type { Kill } from "@dimmer/spec";
import { parseDurationMs } from "../arguments.ts";
import { stringOption, type Command } from "../command.ts";
import { changeKills, describeReach, killOptions } from "../kill-path.ts";
import { parseKillTarget } from "../kill-target.ts";
import { describeKill } from "../output/kill-text.ts";
import type { Output } from "../output/output.ts";
import { readReason } from "../reason-option.ts";

export const kill: Command = {
  summary: "stop a provider, model, route, flag, tenant, tool or everything, now",
  usage: "all | <scope> <target>",
  examples: [
    "dimmer kill provider google --reason 'refusals since 02:40'",
    "dimmer kill model gpt-4o --for 10m",
    "dimmer kill all",
  ],
  options: {
    ...killOptions,
    for: {
      type: "string",
      value: "<duration>",
      description: "end the kill by itself after this long, such as 10m; default never",
    },
  },
  async run(invocation) {
    const { positionals, options, output, env } = invocation;
    const { scope, target } = parseKillTarget(positionals);
    const lasting = stringOption(options, "for");
    const lastingMs = lasting === undefined ? undefined : parseLasting(lasting);
    const expiresAt = lastingMs === undefined ? {} : { expiresAt: new Date(Date.now() + lastingMs).toISOString() };
    const body = { scope, target, reason: readReason(options), ...expiresAt };
    const outcome = await changeKills(invocation, {
      byControlPlane: (client, params) => client.addKill({ params, body }),
      byKillLog: (log) => log.addLocalKill(env, body),
    });
    const remarks = [
      ...(outcome.durable ? [] : [`  ${output.paint("yellow", "not on disk")}: the kill ends when the server stops`]),
      ...outcome.kills.flatMap((made) => (lastingMs === undefined ? [] : describeClocks(made, lastingMs, output))),
    ];
    const lines = [
      `${output.paint(["red", "bold"], "killed")} ${outcome.kills.map(describeKillAndEnd).join(", ")}: ${describeReach(outcome, env["DIMMER_DIR"] ?? defaultDirectory)}`,
      ...remarks,
      `  undo: ${outcome.undo}`,
    ];
    output.result(outcome, lines.join("\n"));
    return 0;
  },
};

function describeKillAndEnd(kill: Kill): string {
  const end = kill.expiresAt === undefined ? "" : ` until ${kill.expiresAt.slice(0, 19).replace("T", " ")} UTC`;
  return `${describeKill(kill)}${end}`;
}

/** Ends are told by this machine's clock and kept by the control plane's. */
function describeClocks(kill: Kill, wantedMs: number, output: Output): string[] {
  const lastsMs = Date.parse(kill.expiresAt ?? "") - Date.parse(kill.at);
  if (!(Math.abs(lastsMs - wantedMs) > 60_000)) return [];
  const minutes = Math.round(lastsMs / 60_000);
  const what = "the clock of this machine differs from that of the control plane";
  return [`  ${output.paint("yellow", what)}: there the kill lasts ${minutes} min`];
}

function parseLasting(text: string): number {
  const durationMs = parseDurationMs("--for", text);
  if (durationMs === 0) throw new DimmerError("usage", `--for is '${text}': a kill that ends at once stops nothing.`);
  return durationMs;
}
