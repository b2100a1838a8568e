/** `dimmer replay`: real questions and real answers through the gateway, v1 against v2. */
import { basename } from "node:path";
import { DimmerError } from "@dimmer/spec/errors";
import { stringOption } from "../command.ts";
import type { Command, OptionValues } from "../command.ts";
import { describeFit, fitVerifier } from "./fit-verifier.ts";
import { describeReplay } from "./replay-report.ts";
import { runReplay } from "./run-replay.ts";

export const replay: Command = {
  summary: "what orchestration saves and loses on recorded answers",
  usage: "",
  examples: [
    "dimmer replay --data gsm8k_responses.csv",
    "dimmer replay --data gsm8k_responses.csv --threshold 0.72 --json",
  ],
  options: {
    data: {
      type: "string",
      value: "<file>",
      description: "CSV of questions, two models' answers and whether they are right (RouteLLM's gsm8k_responses.csv)",
    },
    fit: {
      type: "boolean",
      description: "instead, fit the verifier's weights and threshold to the file, and cross-validate them",
    },
    threshold: {
      type: "string",
      value: "<score>",
      description: "score from 0 to 1 a cheap answer needs; default the orchestrator's",
    },
  },
  async run({ positionals, options, output }) {
    if (positionals.length > 0)
      throw new DimmerError("usage", `'${positionals[0]}' is one word too many: name the file with --data.`);
    const file = stringOption(options, "data");
    if (file === undefined)
      throw new DimmerError("usage", "Name the file of recorded answers: --data gsm8k_responses.csv.");
    if (options["fit"] === true) {
      const fit = await fitVerifier(file);
      output.result(fit, describeFit(fit));
      return 0;
    }
    const report = await runReplay({ file, ...readThreshold(options) });
    output.result(report, describeReplay(report, basename(file)));
    return 0;
  },
};

function readThreshold(options: OptionValues): { readonly threshold?: number } {
  const text = stringOption(options, "threshold");
  if (text === undefined) return {};
  const threshold = Number(text);
  if (text.trim() === "" || !(threshold >= 0 && threshold <= 1))
    throw new DimmerError("usage", `--threshold is '${text}', which is no number from 0 to 1.`);
  return { threshold };
}
