/** `dimmer init`: makes a flag file, from the short form or from nothing. */
import { compile } from "@dimmer/engine";
import { isFlagList, keyFlags } from "@dimmer/engine/flag-list";
import { expandShortForm, isShortForm } from "@dimmer/engine/short-form";
import { DimmerError } from "@dimmer/spec/errors";
import type { FlagDefinitions } from "@dimmer/spec";
import type { Reading } from "@dimmer/stores";
import { refuseMore } from "../arguments.ts";
import { stringOption, type Command } from "../command.ts";
import { flagFileError } from "../flag-file-error.ts";
import { readFlagFile } from "../read-flag-file.ts";
import { starterFlags } from "../starter-flags.ts";
import { writeNewFile } from "../write-new-file.ts";

const defaultFile = "dimmer.flags.json";

export const init: Command = {
  summary: "make a flag file, from the short form or from nothing",
  usage: "",
  examples: [
    "dimmer init",
    "dimmer init --from config/feature_flags.json",
    "dimmer init --from old.yaml --out flags.json --force",
  ],
  options: {
    from: {
      type: "string",
      value: "<file>",
      description: "flags in the short form, JSON or YAML; default none: a file to start from",
    },
    out: { type: "string", value: "<file>", description: "file to write, JSON", default: defaultFile },
    force: { type: "boolean", description: "write over a file that exists" },
  },
  async run({ positionals, options, output }) {
    refuseMore(positionals, 0);
    const from = stringOption(options, "from");
    const file = stringOption(options, "out") ?? defaultFile;
    const definitions = from === undefined ? starterFlags : await readShortForm(from);
    writeNewFile(file, `${JSON.stringify(definitions, null, 2)}\n`, options["force"] === true);
    const flags = Object.keys(definitions.flags);
    const lines = [
      `${output.paint("green", "wrote")} ${flags.length} flag${flags.length === 1 ? "" : "s"} into ${file}`,
      `  use it: dimmer flags import ${file}, for everyone who asks the control plane`,
      `      or: DIMMER_FLAGS_FILE=${file}, for one process that evaluates flags itself`,
    ];
    output.result({ file, flags }, lines.join("\n"));
    return 0;
  },
};

async function readShortForm(path: string): Promise<FlagDefinitions> {
  const reading = await readFlagFile(path);
  if (!isShortForm(reading.document)) throw fullForm(path, reading);
  const expanded = expandShortForm(reading.document);
  if (!expanded.ok) throw flagFileError(path, reading, expanded.faults);
  return expanded.definitions;
}

/** A file in the full form needs no turning; whether it is right is what its author wants to know. */
function fullForm(path: string, reading: Reading): DimmerError {
  const { document } = reading;
  const keyed = isFlagList(document) ? keyFlags(document) : { ok: true as const, definitions: document };
  const result = keyed.ok ? compile(keyed.definitions) : keyed;
  return result.ok
    ? new DimmerError(
        "usage",
        `${path} is in the full form already: use it as it is, by 'dimmer flags import ${path}' or DIMMER_FLAGS_FILE=${path}.`,
      )
    : flagFileError(path, reading, result.faults);
}
