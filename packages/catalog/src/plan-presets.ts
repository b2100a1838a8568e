/** Rollout plans that have a name. `custom` is every other plan. */
import type { PlanInput } from "@dimmer/spec";

const hourMs = 60 * 60 * 1000;

/** The plans that can be asked for by name. */
export type PlanPresetName = "safe" | "fast" | "instant";

/** `safe`: five steps of a day and two days of soak. `fast`: two steps of 36 hours. `instant`: everyone at once, still judged. */
export const planPresets: Readonly<Record<PlanPresetName, PlanInput>> = {
  safe: {
    name: "safe",
    steps: [
      ...[5, 10, 25, 50, 75].map((weightPercent) => ({ weightPercent, bakeMs: 24 * hourMs })),
      { weightPercent: 100, bakeMs: 48 * hourMs },
    ],
  },
  fast: {
    name: "fast",
    steps: [
      { weightPercent: 25, bakeMs: 36 * hourMs },
      { weightPercent: 50, bakeMs: 36 * hourMs },
      { weightPercent: 100, bakeMs: 0 },
    ],
  },
  instant: { name: "instant", steps: [{ weightPercent: 100, bakeMs: 0 }] },
};
