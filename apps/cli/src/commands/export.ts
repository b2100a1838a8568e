/** `dimmer export`: the flag set in the words of another system. */
import { compile } from "@dimmer/engine";
import { lower } from "@dimmer/engine/lower";
import { overlay } from "@dimmer/engine/overlay";
import type { FlagDefinitions, FlagSet, KillState } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { refuseMore } from "../arguments.ts";
import { stringOption, type Command } from "../command.ts";
import { connect } from "../connection.ts";
import { writeNewFile } from "../write-new-file.ts";

export const exportFlags: Command = {
  summary: "write the flag set as plain flagd, for everything that reads flagd files",
  usage: "",
  examples: [
    "dimmer export --format flagd",
    "dimmer export --format flagd --out flags.flagd.json --force",
    "dimmer export --format flagd --without-kills",
  ],
  options: {
    format: { type: "string", value: "<format>", description: "flagd, the only one so far", default: "flagd" },
    out: { type: "string", value: "<file>", description: "file to write; default stdout" },
    force: { type: "boolean", description: "write over a file that exists" },
    "without-kills": {
      type: "boolean",
      description: "as if no flag were killed; default killed flags serve their safe variant",
    },
  },
  async run(invocation) {
    const { positionals, options, output } = invocation;
    refuseMore(positionals, 0);
    const format = stringOption(options, "format");
    if (format !== "flagd") throw new DimmerError("usage", `--format is '${format}'; there is flagd.`);
    const { client, params } = connect(invocation);
    const [flagSet, kills] = await Promise.all([client.getFlagSet({ params }), client.getKills({ params })]);
    const killed = options["without-kills"] === true ? [] : killedFlags(flagSet, kills);
    const lowered = lowerSet(flagSet, killed);
    if (killed.length > 0)
      output.say(`Killed, and written at their safe variant: ${killed.join(", ")}. --without-kills leaves kills out.`);
    if (flagSet.bucketing !== "flagd-v2")
      output.say(`Users fall by ${flagSet.bucketing} here: a flagd that buckets otherwise moves them.`);
    const text = JSON.stringify(lowered, null, 2);
    const file = stringOption(options, "out");
    if (file === undefined) {
      output.result(lowered, text);
      return 0;
    }
    writeNewFile(file, `${text}\n`, options["force"] === true);
    const count = Object.keys(lowered.flags).length;
    output.result(
      { file, format, version: flagSet.version, flags: count, killed },
      `wrote ${count} flags into ${file}`,
    );
    return 0;
  },
};

function killedFlags({ flags }: FlagSet, { active }: KillState): string[] {
  return [...new Set(active.filter((kill) => kill.scope === "flag").map((kill) => kill.target))].filter((key) =>
    Object.hasOwn(flags, key),
  );
}

function lowerSet(flagSet: FlagSet, killed: readonly string[]): FlagDefinitions {
  const result = compile(flagSet);
  if (!result.ok)
    throw new DimmerError("flag_set_invalid", "This version of dimmer cannot read the server's flag set.", {
      faults: result.faults,
    });
  return lower(overlay(result.compiled, { killedFlags: new Set(killed), overrides: new Map() }).compiled);
}
