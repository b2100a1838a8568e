/** `dimmer kill`: the fastest path there is. */
import { defaultDirectory } from "@dimmer/api-client/find-control-plane";
import { DimmerError } from "@dimmer/spec/errors";
import type { Kill } from "@dimmer/spec";
import { parseDurationMs } from "../arguments.ts";
import { stringOption, type Command } from "../command.ts";
import { changeKills, describeReach, killOptions } from "../kill-path.ts";
import { parseKillTarget } from "../kill-target.ts";
import { describeKill } from "../output/kill-text.ts";
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
    const expiresAt =
      lasting === undefined ? {} : { expiresAt: new Date(Date.now() + parseLasting(lasting)).toISOString() };
    const body = { scope, target, reason: readReason(options), ...expiresAt };
    const outcome = await changeKills(invocation, {
      byControlPlane: (client, params) => client.addKill({ params, body }),
      byKillLog: (log) => log.addLocalKill(env, body),
    });
    const remark = outcome.durable
      ? []
      : [`  ${output.paint("yellow", "not on disk")}: the kill ends when the server stops`];
    const lines = [
      `${output.paint(["red", "bold"], "killed")} ${outcome.kills.map(describeKillAndEnd).join(", ")}: ${describeReach(outcome, env["DIMMER_DIR"] ?? defaultDirectory)}`,
      ...remark,
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

function parseLasting(text: string): number {
  const durationMs = parseDurationMs("--for", text);
  if (durationMs === 0) throw new DimmerError("usage", `--for is '${text}': a kill that ends at once stops nothing.`);
  return durationMs;
}
