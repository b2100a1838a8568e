/** `dimmer revive`: takes back the kills of a target, or kills by id. */
import { stringOption, type Command } from "../command.ts";
import { connect } from "../connection.ts";
import { isKillScope, parseKillTarget } from "../kill-target.ts";
import { requireArgument } from "../arguments.ts";

export const revive: Command = {
  summary: "take kills back",
  usage: "all | <scope> <target> | <kill id> ...",
  examples: ["dimmer revive provider google", "dimmer revive 0192f4c0-7e1c-7000-8000-000000000000"],
  options: { reason: { type: "string", value: "<text>", description: "why; goes into the audit log" } },
  async run({ positionals, options, output, env }) {
    requireArgument(positionals, 0, "what to revive: all, a scope and a target, or kill ids");
    const reason = stringOption(options, "reason") ?? "";
    const { client, params } = connect({ positionals, options, output, env });
    const body = isKillScope(positionals[0]) ? { ...parseKillTarget(positionals), reason } : { killIds: [...positionals], reason };
    const result = await client.reviveKills({ params, body });
    const what = result.kills.map((kill) => (kill.scope === "all" ? "all AI egress" : `${kill.scope} ${kill.target}`)).join(", ");
    output.result(result, `${output.paint("green", "revived")} ${what}\n  undo: ${result.undo}`);
    return 0;
  },
};
