/**
 * Flags, kills and observations as the gateway needs them: the part of the SDK's `Dimmer` it consumes, declared here
 * by its consumer. Every call is synchronous and answers from memory.
 */
import type { KillScope } from "@dimmer/spec";

/** Who asks. `targetingKey` is the user, or the request id where no user is named (then nothing is sticky). */
export interface FlagContext {
  readonly targetingKey: string;
  readonly route?: string;
  readonly tenant?: string;
  readonly region?: string;
  readonly [attribute: string]: unknown;
}

/** How one flag answered. */
export interface FlagDetails {
  readonly value: boolean;
  readonly variant: string | undefined;
  /** Version of the flag set that answered. */
  readonly version: number;
}

/** One finished request, for the rollout of one flag. */
export interface RequestObservation {
  readonly flag: string;
  readonly variant: string;
  readonly latencyMs: number;
  readonly isError: boolean;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly costMicroUsd?: number;
  /** Version the flag was evaluated at. */
  readonly setVersion?: number;
}

/** Where the flags come from and how old they are. */
export interface SwitchesStatus {
  readonly isReady: boolean;
  readonly isStale: boolean;
  readonly source: string;
  readonly version: number;
  readonly ageMs: number;
  readonly killVersion: number;
}

/** The SDK's `Dimmer`, as far as the gateway knows it. Nothing here throws. */
export interface Switches {
  boolean(key: string, fallback: boolean, context?: FlagContext): boolean;
  details(key: string, fallback: boolean, context?: FlagContext): FlagDetails;
  isKilled(scope: KillScope, target?: string): boolean;
  observe(observation: RequestObservation): void;
  status(): SwitchesStatus;
}

/** The flags the gateway itself reads. All are off when nothing is known of them. */
export const gatewayFlags = {
  emergencyShutdown: "emergency_shutdown",
  maintenance: "maintenance_mode",
  readOnly: "read_only_mode",
  egress: "ai.egress.enabled",
  streaming: "ai.streaming.enabled",
  orchestration: "orchestration_enabled",
  exposure: "phase_4_deployment",
  shadow: "orchestration_shadow",
} as const;
