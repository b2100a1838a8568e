/** `dimmer pause`, `resume`, `promote` and `rollback`: one action each on the unfinished rollout of a flag. */
import { defaultRolloutFlag } from "@dimmer/catalog";
import { DimmerError } from "@dimmer/spec/errors";
import type { Rollout, RolloutAction } from "@dimmer/spec";
import { refuseMore } from "../arguments.ts";
import { stringOption, type Command } from "../command.ts";
import { connect, inEnvironment, type Connection } from "../connection.ts";
import { drawRollout } from "../output/rollout-view.ts";
import { describeDeploy } from "../plan-options.ts";

export const pause: Command = rolloutCommand("pause", "hold the rollout where it is; evidence goes on");
export const resume: Command = rolloutCommand("resume", "go on with a paused rollout");
export const promote: Command = rolloutCommand("promote", "take the next step now, without waiting for proof");
export const rollback: Command = rolloutCommand("rollback", "turn the flag to 0 and end the rollout");

function rolloutCommand(action: RolloutAction, summary: string): Command {
  return {
    summary,
    usage: "[<flag>]",
    examples: [`dimmer ${action}`, `dimmer ${action} my_flag --reason 'asked by support'`],
    options: {
      flag: { type: "string", value: "<key>", description: `default ${defaultRolloutFlag}` },
      reason: { type: "string", value: "<text>", description: "why; goes into the audit log" },
    },
    async run(invocation) {
      const { positionals, options, output } = invocation;
      refuseMore(positionals, 1);
      const flag = positionals[0] ?? stringOption(options, "flag") ?? defaultRolloutFlag;
      const connection = connect(invocation);
      const current = await latestRollout(connection, flag);
      const result = await connection.client.actOnRollout({
        params: { ...connection.params, rollout: current.id },
        body: { action, reason: stringOption(options, "reason") ?? "" },
      });
      // What was rolled back starts again from its first step; there is no way back into the middle.
      const way =
        result.undo === undefined
          ? `start again: ${describeDeploy(flag, result.plan, defaultRolloutFlag)}${inEnvironment(invocation.env)}`
          : `undo: ${result.undo}`;
      output.result(result, `${drawRollout(result, Date.now(), output)}\n  ${way}`);
      return 0;
    },
  };
}

async function latestRollout({ client, params }: Connection, flag: string): Promise<Rollout> {
  const [latest] = await client.listRollouts({ params, query: { flag, limit: 1 } });
  if (latest === undefined)
    throw new DimmerError("rollout_not_found", `The flag '${flag}' has had no rollout.`, { flag });
  return latest;
}
