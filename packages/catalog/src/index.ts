/** The AI orchestration flags as data. */
export {
  catalogDefinitions,
  defaultLinkedFlags,
  defaultRolloutFlag,
  inertFlags,
  providerFlag,
  providerFlagDefinition,
} from "./definitions.ts";
export { stages } from "./stages.ts";
export { planPresets, type PlanPresetName } from "./plan-presets.ts";
