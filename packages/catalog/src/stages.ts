/**
 * The sequence dark → shadow → canary → active, as complete assignments. Two kinds of flags are left out on purpose:
 * the emergency flags, because entering a stage must never lift an emergency, and, from canary on, the v2 exposure,
 * because there a rollout owns it.
 */
import type { Edit, Stage } from "@dimmer/spec";
import { defaultRolloutFlag, providerFlag } from "./definitions.ts";

type Assignments = Readonly<Record<string, boolean | string | { readonly percentage: number }>>;

const dark: Assignments = {
  "ai.egress.enabled": false,
  [providerFlag("bedrock")]: false,
  [providerFlag("google")]: false,
  [providerFlag("meta")]: false,
  "ai.guardrails.mode": "off",
  "ai.bandit.mode": "off",
  "ai.streaming.enabled": false,
  "ai.budget.enforce": false,
  "ai.ratelimit.enforce": false,
  "ai.sagemaker.pipeline.enabled": false,
  orchestration_enabled: false,
  llm_integration_enabled: false,
  aatc_system_enabled: false,
  performance_optimizations_enabled: false,
  reward_learning_enabled: false,
  orchestration_shadow: { percentage: 0 },
  [defaultRolloutFlag]: { percentage: 0 },
};

const shadow: Assignments = {
  ...dark,
  "ai.egress.enabled": true,
  [providerFlag("bedrock")]: true,
  "ai.guardrails.mode": "log-only",
  "ai.bandit.mode": "shadow",
  orchestration_enabled: true,
  llm_integration_enabled: true,
  orchestration_shadow: { percentage: 100 },
};

const { [defaultRolloutFlag]: _ownedByTheRollout, ...shadowWithoutExposure } = shadow;

const canary: Assignments = {
  ...shadowWithoutExposure,
  [providerFlag("google")]: true,
  "ai.guardrails.mode": "block",
  "ai.bandit.mode": "canary",
  "ai.budget.enforce": true,
  "ai.ratelimit.enforce": true,
};

const active: Assignments = {
  ...canary,
  [providerFlag("meta")]: true,
  "ai.bandit.mode": "active",
  "ai.streaming.enabled": true,
  "ai.sagemaker.pipeline.enabled": true,
};

/** The stages, lowest first. */
export const stages: readonly Stage[] = [
  { name: "dark", summary: "Everything deployed, nothing on.", assignments: toEdits(dark) },
  { name: "shadow", summary: "v1 answers from bedrock; v2 runs beside it, unseen.", assignments: toEdits(shadow) },
  { name: "canary", summary: "google joins; v2 is turned up by a rollout.", assignments: toEdits(canary) },
  { name: "active", summary: "v2 has proven itself; everything is on.", assignments: toEdits(active) },
];

function toEdits(assignments: Assignments): Edit[] {
  return Object.entries(assignments).map(([flag, value]) =>
    typeof value === "object"
      ? { type: "expose", flag, strategy: { type: "percentage", percentage: value.percentage } }
      : { type: "serve", flag, value },
  );
}
