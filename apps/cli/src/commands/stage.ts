/** `dimmer stage`: where the environment stands, and the way to another stage. */
import { stageNames, type StageName } from "@dimmer/spec/stages";
import { DimmerError } from "@dimmer/spec/errors";
import { refuseMore } from "../arguments.ts";
import type { Command } from "../command.ts";
import { connect } from "../connection.ts";
import { drawStageDial } from "../output/stage-dial.ts";
import { readReason, reasonOption } from "../reason-option.ts";

export const stage: Command = {
  summary: "show the stage, or enter one: dark, shadow, canary, active",
  usage: "[<stage>]",
  examples: ["dimmer stage", "dimmer stage shadow", "dimmer stage dark --reason 'incident 214'"],
  options: {
    ...reasonOption,
    force: { type: "boolean", description: "skip stages, or enter although the precondition does not hold" },
  },
  async run(invocation) {
    const { positionals, options, output } = invocation;
    refuseMore(positionals, 1);
    const name = positionals[0];
    if (name !== undefined && !isStageName(name))
      throw new DimmerError("stage_not_found", `There is no stage '${name}'.`, { stage: name });
    const reason = readReason(options);
    const { client, params } = connect(invocation);
    if (name === undefined) {
      const status = await client.getStage({ params });
      output.result(status, drawStageDial(status, output));
      return 0;
    }
    const result = await client.enterStage({
      params,
      body: { stage: name, reason, force: options["force"] === true },
    });
    const changed =
      result.changed.length === 0
        ? "nothing had to change"
        : `${result.changed.length} flags changed, version ${result.version}`;
    output.result(
      result,
      [
        drawStageDial(result.stage, output),
        `  ${changed}`,
        ...(result.undo === undefined ? [] : [`  undo: ${result.undo}`]),
      ].join("\n"),
    );
    return 0;
  },
};

function isStageName(name: string): name is StageName {
  return stageNames.some((known) => known === name);
}
