/**
 * The flags of AI orchestration, as data. Everything is off until somebody turns it on: a process that can reach no
 * store serves these, and so does a fresh environment.
 */
import type { Flag, FlagDefinitions } from "@dimmer/spec";

/** The flag whose exposure a rollout raises when none is named: who gets orchestration v2. */
export const defaultRolloutFlag = "phase_4_deployment";

/** Turned off together with `defaultRolloutFlag` when it is rolled back. */
export const defaultLinkedFlags: readonly string[] = ["aatc_system_enabled"];

/** Key of the flag that lets calls go to one provider. Every configured provider has one. */
export function providerFlag(provider: string): string {
  return `ai.provider.${provider}.enabled`;
}

/** Definition of a provider's flag, for a provider the catalogue does not list. */
export function providerFlagDefinition(provider: string): Flag {
  return toggle(`Calls may go to the provider ${provider}.`);
}

/** Every catalogue flag at its safe variant. */
export const catalogDefinitions: FlagDefinitions = {
  flags: {
    "ai.egress.enabled": toggle("Calls may leave the gateway at all."),
    [providerFlag("bedrock")]: providerFlagDefinition("bedrock"),
    [providerFlag("google")]: providerFlagDefinition("google"),
    [providerFlag("meta")]: providerFlagDefinition("meta"),
    "ai.guardrails.mode": choice(
      ["off", "log-only", "block"],
      ["block", "log-only"],
      "What guardrails do with what they find.",
    ),
    "ai.bandit.mode": choice(
      ["off", "shadow", "canary", "active"],
      ["active", "canary", "shadow"],
      "How far the bandit chooses models.",
    ),
    "ai.streaming.enabled": toggle("Answers may be streamed; off, a stream is answered whole, as one event."),
    "ai.budget.enforce": toggle("Budgets refuse requests; off, they only monitor."),
    "ai.ratelimit.enforce": toggle("Rate limits refuse requests; off, they only monitor."),
    "ai.sagemaker.pipeline.enabled": toggle("The SageMaker pipeline runs."),

    orchestration_enabled: toggle("Master switch of orchestration v2."),
    llm_integration_enabled: toggle("Orchestration v2 may call language models.", {
      prerequisites: ["orchestration_enabled"],
    }),
    aatc_system_enabled: toggle("The AATC system. High risk: turn up progressively.", {
      prerequisites: ["orchestration_enabled"],
      strategy: { type: "progressive" },
      metadata: { risk: "high" },
    }),
    performance_optimizations_enabled: toggle("Optional performance optimisations of v2.", {
      prerequisites: ["orchestration_enabled"],
    }),
    reward_learning_enabled: toggle("v2 learns from rewards.", { prerequisites: ["orchestration_enabled"] }),
    [defaultRolloutFlag]: toggle("Who is answered by orchestration v2 instead of v1.", {
      prerequisites: ["orchestration_enabled"],
      strategy: { type: "percentage", percentage: 0 },
    }),
    orchestration_shadow: toggle("Share of v1 traffic that v2 answers as well, unseen.", {
      prerequisites: ["orchestration_enabled"],
      strategy: { type: "percentage", percentage: 0 },
    }),

    security_hardening_enabled: lockedOn("Security hardening is not optional."),
    error_handling_enabled: lockedOn("Error handling is not optional."),
    otel_enabled: lockedOn("Telemetry is not optional."),
    phase_1_complete: lockedOn("A record: phase 1 is complete."),
    phase_2_complete: lockedOn("A record: phase 2 is complete."),
    phase_3_complete: lockedOn("A record: phase 3 is complete."),

    emergency_shutdown: toggle("Emergency: the gateway refuses every new request."),
    maintenance_mode: toggle("The gateway answers that it is in maintenance."),
    read_only_mode: toggle("The control plane refuses changes; the gateway serves plain completions only."),
  },
};

/** Flags that nothing acts on yet, with the reason. They exist, keep their stage assignments, and are shown as inert. */
export const inertFlags: ReadonlyMap<string, string> = new Map([
  ["ai.guardrails.mode", "guardrails are not built yet"],
  ["ai.bandit.mode", "the bandit is not built yet"],
  ["ai.budget.enforce", "budgets are not built yet"],
  ["ai.ratelimit.enforce", "rate limits are not built yet"],
  ["ai.sagemaker.pipeline.enabled", "the SageMaker pipeline is not built yet"],
  ["aatc_system_enabled", "the AATC system is not built yet"],
  ["reward_learning_enabled", "reward learning is not built yet"],
  ["llm_integration_enabled", "v2 has no part that works without language models, so there is nothing to turn off"],
  ["performance_optimizations_enabled", "v2 has no optional optimisation yet"],
  ["otel_enabled", "OpenTelemetry export is not built yet"],
]);

function toggle(description: string, more: Partial<Flag> = {}): Flag {
  return {
    state: "ENABLED",
    variants: { on: true, off: false },
    defaultVariant: "off",
    safeVariant: "off",
    description,
    ...more,
  };
}

function lockedOn(reason: string): Flag {
  return { ...toggle(reason), defaultVariant: "on", safeVariant: "on", locked: reason };
}

/** A flag of named modes. The first mode is the safe one; `on` lists those that count as on, the one a strategy exposes first. */
function choice(modes: readonly [string, ...string[]], on: readonly string[], description: string): Flag {
  const variants = Object.fromEntries(modes.map((mode) => [mode, mode]));
  return {
    state: "ENABLED",
    variants,
    defaultVariant: modes[0],
    safeVariant: modes[0],
    onVariants: [...on],
    description,
  };
}
