/** Which flags no longer serve what their stage assigns. */
import type { Edit, Stage } from "@dimmer/spec";
import { canonicalJson } from "../flags/canonical-json.ts";
import { exposureOf, strategyExposure } from "../flags/exposure.ts";
import type { FlagSetState } from "../flags/flag-service.ts";

/** Keys of the flags that differ, in the stage's order. Flags a rollout owns are its business. */
export function findDrift(stage: Stage, state: FlagSetState, owned: ReadonlySet<string>, nowMs: number): string[] {
  return stage.assignments
    .filter((assignment) => !owned.has(assignment.flag) && !holds(assignment, state, nowMs))
    .map((assignment) => assignment.flag);
}

function holds(assignment: Edit, state: FlagSetState, nowMs: number): boolean {
  const definition = state.flagSet.flags[assignment.flag];
  const compiled = state.compiled.flags.get(assignment.flag);
  if (definition === undefined || compiled === undefined) return assignment.type === "remove";
  const served = exposureOf(definition, compiled, nowMs);
  switch (assignment.type) {
    case "serve":
      return served.value !== undefined && canonicalJson(served.value) === canonicalJson(assignment.value);
    case "expose":
      return served.words === strategyExposure(assignment.strategy, compiled, nowMs).words;
    case "put":
      return canonicalJson(definition) === canonicalJson(assignment.definition);
    case "remove":
      return false;
  }
}
