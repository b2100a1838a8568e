import { describe, expect, test } from "vitest";
import { validatePlan } from "@dimmer/rollout";
import { planOf } from "../test/attempt.ts";

const stepsOf = (...weights: number[]) => weights.map((weightPercent) => ({ weightPercent, bakeMs: 0 }));

describe("validatePlan", () => {
  test("finds nothing wrong with steps that rise to 100 %", () => {
    expect(validatePlan(planOf({ steps: stepsOf(0.1, 5, 50, 100) }))).toEqual([]);
    expect(validatePlan(planOf({ steps: stepsOf(100) }))).toEqual([]);
  });

  test("names every step that does not rise", () => {
    const faults = validatePlan(planOf({ steps: stepsOf(10, 10, 5, 100) }));
    expect(faults.map(({ pointer, value }) => [pointer, value])).toEqual([
      ["/steps/1/weightPercent", 10],
      ["/steps/2/weightPercent", 5],
    ]);
    expect(faults[1]).toMatchObject({
      message: "Step 3 exposes 5 %, which is not more than the 10 % before it.",
      fix: "Give the step more than 10 %, or leave it out.",
    });
  });

  test("wants 100 % at the end", () => {
    expect(validatePlan(planOf({ steps: stepsOf(10, 50) }))).toMatchObject([
      { pointer: "/steps/1/weightPercent", value: 50 },
    ]);
  });

  test("refuses a latency limit beyond the last bucket, which no request could break", () => {
    expect(validatePlan(planOf({ maxLatencyMs: 120_001 }))).toMatchObject([
      { pointer: "/maxLatencyMs", value: 120_001 },
    ]);
    expect(validatePlan(planOf({ maxLatencyMs: 120_000 }))).toEqual([]);
  });

  test("lists all faults at once", () => {
    expect(validatePlan(planOf({ steps: stepsOf(50, 20), maxLatencyMs: 1e9 }))).toHaveLength(3);
  });
});
