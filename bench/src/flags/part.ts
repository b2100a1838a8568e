/** What one flag costs, asked of the engine and through the SDK. */
import type { Figure } from "../figure.ts";
import type { Part } from "../part.ts";
import { median } from "../statistics.ts";
import type { TimedName } from "./candidate-process.ts";
import { compareCandidates } from "./compare.ts";

const targets = [
  { name: "W1", title: "static flag", atMost: 50 },
  { name: "W4", title: "50 % rollout", atMost: 150 },
] as const satisfies { name: TimedName; title: string; atMost: number }[];

export const measureFlags: Part = async ({ isQuick, say }) => {
  const comparisons = await compareCandidates({
    modules: ["dimmer-engine.ts", "dimmer-sdk.ts", "floor.ts"].map((file) => new URL(file, import.meta.url).href),
    names: targets.map(({ name }) => name),
    rounds: isQuick ? 3 : 9,
    sliceMs: isQuick ? 50 : 150,
    loads: 0,
    say,
  });
  const ways: Readonly<Record<string, string | undefined>> = {
    "dimmer engine": "evaluate()",
    dimmer: "the SDK's boolean()",
  };
  return comparisons.flatMap(({ description, ns }) =>
    targets.map(({ name, title, atMost }): Figure => {
      const rounds = ns.get(name) ?? [];
      const way = ways[description.name];
      return {
        part: "flags",
        name: `${title}, ${way ?? "the harness alone"}`,
        unit: "ns",
        ...(way === undefined ? { remark: "contained in the rows above" } : { target: { atMost } }),
        reached: median(rounds),
        spread: [Math.min(...rounds), Math.max(...rounds)],
      };
    }),
  );
};
