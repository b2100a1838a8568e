/** `dimmer codegen`: flags as a typed module, from a flag file or a server. */
import { readFileSync, writeFileSync } from "node:fs";
import { compile, type CompiledFlagSet } from "@dimmer/engine";
import { DimmerError } from "@dimmer/spec/errors";
import { refuseMore } from "../arguments.ts";
import { stringOption, type Command, type Invocation } from "../command.ts";
import { connect } from "../connection.ts";
import { generatedBy, generateFlagModule } from "../generate-flag-module.ts";
import { readFlagDefinitions } from "../read-flag-definitions.ts";

export const codegen: Command = {
  summary: "write flags as a TypeScript module with typed keys and values",
  usage: "",
  examples: [
    "dimmer codegen --from flags.json --out src/flags.gen.ts",
    "dimmer codegen --from flags.json --out src/flags.gen.ts --check",
    "dimmer codegen --url https://dimmer.example.com --environment production --out src/flags.gen.ts",
  ],
  options: {
    from: {
      type: "string",
      value: "<file>",
      description: "flag file, JSON or YAML, in the full or the short form; default the control plane's flags",
    },
    out: { type: "string", value: "<file>", description: "module to write; default stdout" },
    check: {
      type: "boolean",
      description: "write nothing; exit 1 when --out is not what would be written, for CI",
    },
  },
  async run(invocation) {
    const { positionals, options, output } = invocation;
    refuseMore(positionals, 0);
    const file = stringOption(options, "out");
    const isCheck = options["check"] === true;
    if (isCheck && file === undefined) throw new DimmerError("usage", "Say with --out which file --check is about.");
    const compiled = await readFlags(invocation);
    const module = generateFlagModule(compiled);
    const flags = [...compiled.keys].sort();
    const count = `${flags.length} flag${flags.length === 1 ? "" : "s"}`;
    if (file === undefined) {
      output.result({ flags, module }, module.trimEnd());
      return 0;
    }
    const before = readModule(file);
    const isCurrent = before === module;
    if (isCheck) {
      const text = isCurrent
        ? `${output.paint("green", "current")} ${file}, ${count}`
        : `${output.paint("red", before === undefined ? "missing" : "out of date")} ${file}\n  make it again: dimmer codegen without --check`;
      output.result({ file, flags, isCurrent }, text);
      return isCurrent ? 0 : 1;
    }
    if (!isCurrent) writeModule(file, before, module);
    output.result({ file, flags }, `${output.paint("green", isCurrent ? "current" : "wrote")} ${file}, ${count}`);
    return 0;
  },
};

async function readFlags(invocation: Invocation): Promise<CompiledFlagSet> {
  const path = stringOption(invocation.options, "from");
  if (path === undefined) {
    const { client, params } = connect(invocation);
    const result = compile(await client.getFlagSet({ params }));
    if (result.ok) return result.compiled;
    throw new DimmerError("flag_set_invalid", "This version of dimmer cannot read the server's flag set.", {
      faults: result.faults,
    });
  }
  return (await readFlagDefinitions(path)).compiled;
}

/** What stands in the file; undefined when there is none. Line ends are as a checkout makes them. */
function readModule(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").replaceAll("\r\n", "\n");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw unusable("read", file, error);
  }
}

function writeModule(file: string, before: string | undefined, module: string): void {
  if (before !== undefined && before.trim() !== "" && !before.startsWith(generatedBy)) {
    const message = `${file} was not made by this command, and would be lost: name another with --out, or remove it.`;
    throw new DimmerError("usage", message, { file });
  }
  try {
    writeFileSync(file, module);
  } catch (error) {
    throw unusable("written", file, error);
  }
}

function unusable(what: "read" | "written", file: string, error: unknown): DimmerError {
  const reason = error instanceof Error ? error.message : String(error);
  return new DimmerError("usage", `${file} cannot be ${what}: ${reason}.`, { file }, { cause: error });
}
