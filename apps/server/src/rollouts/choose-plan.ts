/** The plan a rollout runs by: a preset or one of the caller's own, and nothing that could not be run to its end. */
import { validatePlan } from "@dimmer/rollout";
import { plan as planForm, type Plan, type PlanInput } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";

/**
 * @throws `plan_not_found` for a name that is none; `plan_invalid` with every fault.
 */
export function choosePlan(wanted: string | Plan, presets: Readonly<Record<string, PlanInput>>): Plan {
  const plan = typeof wanted === "string" ? findPreset(wanted, presets) : wanted;
  const faults = [...validatePlan(plan), ...findFineWeights(plan)];
  if (faults.length === 0) return plan;
  const listed = faults.map(({ pointer, message, fix }) => `${pointer}: ${message} ${fix}`).join(" · ");
  throw new DimmerError("plan_invalid", `The plan cannot run: ${listed}`, { faults });
}

function findPreset(name: string, presets: Readonly<Record<string, PlanInput>>): Plan {
  if (Object.hasOwn(presets, name)) return planForm.parse(presets[name]);
  const names = Object.keys(presets).join(", ");
  throw new DimmerError(
    "plan_not_found",
    `There is no plan '${name}'; there is ${names}, or send a plan of your own.`,
    {
      plan: name,
    },
  );
}

/** Users are told apart in units of 0.001 %. */
function findFineWeights(plan: Plan): { pointer: string; message: string; value: number; fix: string }[] {
  return plan.steps.flatMap(({ weightPercent }, index) => {
    if (Math.abs(weightPercent * 1000 - Math.round(weightPercent * 1000)) < 1e-6) return [];
    const pointer = `/steps/${index}/weightPercent`;
    return [
      { pointer, message: `${weightPercent} % has more than three decimals.`, value: weightPercent, fix: "Round it." },
    ];
  });
}
