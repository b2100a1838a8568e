/** `dimmer revive`: takes back the kills of a target, or kills by id. */
import { defaultDirectory } from "@dimmer/api-client/find-control-plane";
import { requireArgument } from "../arguments.ts";
import type { Command } from "../command.ts";
import { changeKills, describeReach, killOptions } from "../kill-path.ts";
import { isKillScope, parseKillTarget } from "../kill-target.ts";
import { describeKill } from "../output/kill-text.ts";
import { readReason } from "../reason-option.ts";

export const revive: Command = {
  summary: "take kills back",
  usage: "all | <scope> <target> | <kill id> ...",
  examples: ["dimmer revive provider google", "dimmer revive 0192f4c0-7e1c-7000-8000-000000000000"],
  options: killOptions,
  async run(invocation) {
    const { positionals, options, output, env } = invocation;
    requireArgument(positionals, 0, "what to revive: all, a scope and a target, or kill ids");
    const reason = readReason(options);
    const body = isKillScope(positionals[0])
      ? { ...parseKillTarget(positionals), reason }
      : { killIds: [...positionals], reason };
    const outcome = await changeKills(invocation, {
      byControlPlane: (client, params) => client.reviveKills({ params, body }),
      byKillLog: (log) => log.addLocalRevive(env, body),
    });
    const remark = outcome.durable
      ? []
      : [`  ${output.paint("yellow", "not on disk")}: after a restart of the server the kill is back`];
    const what = [...new Set(outcome.kills.map(describeKill))].join(", ");
    const lines = [
      `${output.paint("green", "revived")} ${what}: ${describeReach(outcome, env["DIMMER_DIR"] ?? defaultDirectory)}`,
      ...remark,
      `  undo: ${outcome.undo}`,
    ];
    output.result(outcome, lines.join("\n"));
    return 0;
  },
};
