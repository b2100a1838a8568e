/** The catalogue keeps what its readers rely on. */
import { flagDefinitions, plan, stage } from "@dimmer/spec";
import { stageNames } from "@dimmer/spec/stages";
import { describe, expect, it } from "vitest";
import {
  catalogDefinitions,
  defaultLinkedFlags,
  defaultRolloutFlag,
  inertFlags,
  planPresets,
  stages,
} from "./index.ts";

const keys = Object.keys(catalogDefinitions.flags);

describe("definitions", () => {
  it("are a valid flag file", () => {
    expect(flagDefinitions.safeParse(catalogDefinitions).error).toBeUndefined();
  });

  it("declare a safe variant that exists, and serve it by default", () => {
    for (const [key, flag] of Object.entries(catalogDefinitions.flags)) {
      expect(flag.safeVariant, key).toBeDefined();
      expect(Object.keys(flag.variants), key).toContain(flag.safeVariant);
      expect(flag.defaultVariant, key).toBe(flag.safeVariant);
    }
  });

  it("need only flags that exist", () => {
    for (const flag of Object.values(catalogDefinitions.flags))
      for (const parent of flag.prerequisites ?? []) expect(keys).toContain(parent);
    expect(keys).toContain(defaultRolloutFlag);
    for (const linked of defaultLinkedFlags) expect(keys).toContain(linked);
    for (const inert of inertFlags.keys()) expect(keys).toContain(inert);
  });
});

describe("stages", () => {
  it("are valid, in order, and name flags of the catalogue that can be set", () => {
    expect(stages.map(({ name }) => name)).toEqual([...stageNames]);
    for (const each of stages) {
      expect(stage.safeParse(each).error).toBeUndefined();
      for (const edit of each.assignments)
        expect(catalogDefinitions.flags[edit.flag]?.locked, edit.flag).toBeUndefined();
    }
  });

  it("assign every unlocked flag but the emergency ones, and from canary on leave the exposure to the rollout", () => {
    const emergency = ["emergency_shutdown", "maintenance_mode", "read_only_mode"];
    const settable = keys.filter(
      (key) => catalogDefinitions.flags[key]?.locked === undefined && !emergency.includes(key),
    );
    for (const { name, assignments } of stages) {
      const expected =
        name === "dark" || name === "shadow" ? settable : settable.filter((key) => key !== defaultRolloutFlag);
      expect(assignments.map((edit) => edit.flag).toSorted(), name).toEqual(expected.toSorted());
    }
  });
});

describe("plan presets", () => {
  it("are valid plans that end at 100 %", () => {
    for (const [name, preset] of Object.entries(planPresets)) {
      const parsed = plan.parse(preset);
      expect(parsed.name).toBe(name);
      expect(parsed.steps.at(-1)?.weightPercent).toBe(100);
    }
  });

  it("bake as long as they promise", () => {
    const hours = (name: keyof typeof planPresets): number[] =>
      planPresets[name].steps.map((step) => step.bakeMs / 3_600_000);
    expect(hours("safe")).toEqual([24, 24, 24, 24, 24, 48]);
    expect(hours("fast")).toEqual([36, 36, 0]);
  });
});
