/** `dimmer pause`, `resume`, `promote` and `rollback`: one action each on the unfinished rollout of a flag. */
import { defaultRolloutFlag } from "@dimmer/catalog";
import { DimmerError } from "@dimmer/spec/errors";
import type { Rollout, RolloutAction } from "@dimmer/spec";
import { refuseMore } from "../arguments.ts";
import { stringOption, type Command } from "../command.ts";
import { connect, inEnvironment, type Connection } from "../connection.ts";
import { deployCommand } from "../output/deploy-command.ts";
import { drawRollout } from "../output/rollout-view.ts";
import { readReason, reasonOption } from "../reason-option.ts";

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
      ...reasonOption,
    },
    async run(invocation) {
      const { positionals, options, output } = invocation;
      refuseMore(positionals, 1);
      const named = stringOption(options, "flag");
      if (positionals[0] !== undefined && named !== undefined)
        throw new DimmerError("usage", `Say the flag once: '${positionals[0]}' or --flag ${named}.`);
      const flag = positionals[0] ?? named ?? defaultRolloutFlag;
      const reason = readReason(options);
      const connection = connect(invocation);
      const current = await latestRollout(connection, flag);
      const result = await connection.client.actOnRollout({
        params: { ...connection.params, rollout: current.id },
        body: { action, reason },
      });
      // What was rolled back starts again from its first step; there is no way back into the middle.
      const way =
        result.undo === undefined
          ? `start again: ${deployCommand(flag, result.plan)}${inEnvironment(invocation.env)}`
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
