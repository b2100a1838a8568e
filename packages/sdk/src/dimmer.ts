/** Flags inside an application: what `createDimmer` takes and the object it returns. */
import type { Clock } from "@dimmer/api-client";
import type { Evaluation, EvaluationContext, EvaluationErrorCode, FlagMetadata, Reason } from "@dimmer/engine";
import type { FlagDefinitions, FlagValue, Kill, KillScope, ObservationBatch, ReplicaReport } from "@dimmer/spec";
import type { DimmerError } from "@dimmer/spec/errors";
import type { KillStore, StoreReader } from "@dimmer/stores";
import type { OverrideSource } from "@dimmer/stores/env";
import type { Exposure } from "./exposure-counter.ts";
import type { DimmerStatus } from "./status.ts";

/** A JSON object a flag may hold. */
export type JsonObject = Extract<FlagValue, object>;

/** How a Dimmer is put together. Times are milliseconds. */
export interface DimmerOptions {
  /** Where flag sets are read, highest precedence first: each overlays the ones after it, flag by flag. Names must differ. */
  readonly stores: readonly StoreReader[];
  /** Where kills are read; what they say is united. The kill latch in `directory` is always one of them. */
  readonly killStores?: readonly KillStore[];
  /** Values this process fixes, above everything but a kill of the flag. */
  readonly overrides?: ReadonlyMap<string, FlagValue> | OverrideSource;
  /** What flags are served when no store knows them: each at its safe variant. */
  readonly definitions?: FlagDefinitions;
  /** Folder for the disk snapshots and the kill latch; processes that follow the same stores may share it. Absent: nothing survives a restart. */
  readonly directory?: string;
  /** Takes in what was observed. Absent: observations are not kept. */
  readonly observations?: ObservationSink;
  /** What is known about who asks wherever a getter is called (`@dimmer/sdk/request-context`). A getter's own context adds to it, name by name. Must not throw. */
  readonly currentContext?: () => EvaluationContext;
  /** Counts which variants the getters hand out, for `exposures()`. @defaultValue false */
  readonly countExposures?: boolean;
  /** Hears what this process has applied, so that a kill can be confirmed. */
  readonly replica?: ReplicaSink;
  /** Who this process is to the control plane. @defaultValue a random id */
  readonly instanceId?: string;
  /** Accepts a flag set with this identity where another was followed before. */
  readonly acceptSetId?: string;
  /** Deadline of one read of a store. @defaultValue 5,000 */
  readonly readTimeoutMs?: number;
  /** A store silent for this long is read again. @defaultValue 15,000 */
  readonly refreshIntervalMs?: number;
  /** Age from which a store's flags count as stale. @defaultValue 60,000 */
  readonly maxStalenessMs?: number;
  /** How often observations are sent. @defaultValue 1,000 */
  readonly flushIntervalMs?: number;
  /** Hears each fault once, when it appears. @defaultValue nobody; `status()` has them all */
  readonly onFault?: (error: DimmerError) => void;
  readonly clock?: Clock;
  readonly ids?: () => string;
}

/** Takes in batches of observations; a batch that failed is sent again unchanged. */
export interface ObservationSink {
  send(batch: ObservationBatch): Promise<void>;
}

/** Hears which versions this process acts on. */
export interface ReplicaSink {
  report(report: ReplicaReport): Promise<void>;
}

/** Why the caller's own default was used: the engine's reasons, and a flag of another type than the getter's. */
export type DetailsErrorCode = EvaluationErrorCode | "TYPE_MISMATCH";

/** An answer and everything about it. */
export interface EvaluationDetails<T extends FlagValue> {
  readonly flagKey: string;
  readonly value: T;
  readonly variant: string | undefined;
  readonly reason: Reason;
  readonly errorCode?: DetailsErrorCode;
  readonly errorMessage?: string;
  readonly metadata: FlagMetadata;
  /** Name of the store the flag came from; `definitions` when no store knows it, `default` when nobody does. */
  readonly source: string;
  /** Version of that store's flag set; 0 for `definitions` and `default`. */
  readonly version: number;
  /** How long ago that store last said that this is what it holds; 0 for `definitions` and `default`. */
  readonly ageMs: number;
  readonly isStale: boolean;
}

/** What happened to one request, for the flag that decided about it. */
export interface ObservationInput {
  readonly flag: string;
  readonly variant: string;
  readonly latencyMs: number;
  /** Whether the request failed for the caller, after every retry and fallback. */
  readonly isError: boolean;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly costMicroUsd?: number;
  /** Version the flag was evaluated at (`details().version`). @defaultValue the version now in force */
  readonly setVersion?: number;
}

/** A kill asked for in this process. */
export interface KillInput {
  readonly scope: KillScope;
  /** @defaultValue "*" for scope all; required otherwise */
  readonly target?: string;
  readonly reason?: string;
  /** Who does it. @defaultValue "sdk:" and the instance id */
  readonly by?: string;
  /** ISO date and time; absent: never. */
  readonly expiresAt?: string;
}

/** What a kill or revive in this process came to. */
export interface KillOutcome {
  /** The kill that was added, or those that were revived. */
  readonly kills: readonly Kill[];
  /** Whether the kill latch or another latched store has it on disk; it acts here either way. */
  readonly durable: boolean;
  /** Stores that have taken it in; the others are told again until they do. */
  readonly acceptedBy: readonly string[];
}

/** What `on` can listen to, and what it is told. */
export interface DimmerEvents {
  /** Flags whose answer may have changed, kills of flags included. */
  readonly change: { readonly keys: readonly string[] };
  /** The kills now in force. */
  readonly kills: { readonly active: readonly Kill[] };
  /** A store has not been heard of for longer than `maxStalenessMs`; `fresh` when none is left of which that is true. */
  readonly stale: { readonly stores: readonly string[] };
  readonly fresh: Record<never, never>;
}

/**
 * Answers flags and kills from memory. The getters are synchronous, never throw, and answer with the fallback when
 * they cannot know; all else happens behind them.
 */
export interface Dimmer {
  /** Who this process is to the control plane. */
  readonly instanceId: string;
  /**
   * Settles when every store has answered (or has failed with a disk snapshot to stand in), or at the timeout (default
   * 5,000); `isReady` says which. With a `version`, as a change set answers it, also when the base serves that one or a
   * newer: so that whoever changes a flag can read it. Never rejects.
   */
  ready(options?: { readonly timeoutMs?: number; readonly version?: number }): Promise<DimmerStatus>;
  /** A boolean flag; `ai.killswitch.{model,provider,route}.<name>` reads the kill of that target. */
  boolean(key: string, fallback: boolean, context?: EvaluationContext): boolean;
  string(key: string, fallback: string, context?: EvaluationContext): string;
  number(key: string, fallback: number, context?: EvaluationContext): number;
  /** The object is shared and frozen. */
  object(key: string, fallback: JsonObject, context?: EvaluationContext): JsonObject;
  details(key: string, fallback: boolean, context?: EvaluationContext): EvaluationDetails<boolean>;
  details(key: string, fallback: string, context?: EvaluationContext): EvaluationDetails<string>;
  details(key: string, fallback: number, context?: EvaluationContext): EvaluationDetails<number>;
  details(key: string, fallback: JsonObject, context?: EvaluationContext): EvaluationDetails<JsonObject>;
  /** The engine's own answer, shared and frozen; without a value where the flag has none to give. Looks only: nothing is counted. */
  evaluate(key: string, context?: EvaluationContext): Evaluation;
  /** The answers of all flags to one context, in the order of the definitions; as `evaluate` gives them. */
  all(context?: EvaluationContext): readonly Evaluation[];
  /** What the getters handed out since the start, by flag and variant; fallbacks are no exposures. Empty without `countExposures`. */
  exposures(): readonly Exposure[];
  /** Whether the flag serves one of its on-variants; false for a flag nobody knows. */
  isOn(key: string, context?: EvaluationContext): boolean;
  /** Whether exactly this target is killed. `all` is its own scope: ask `isKilled("all")` besides. */
  isKilled(scope: KillScope, target?: string): boolean;
  /** The kills in force. */
  readonly activeKills: readonly Kill[];
  /** Kills at once in this process, latches, and tells every kill store. Rejects with `invalid_request` for a kill that has no target. */
  kill(input: KillInput): Promise<KillOutcome>;
  /** Revives the kills in force of a scope and target, as this process sees them. Rejects with `kill_not_found` when there are none. */
  revive(input: Pick<KillInput, "scope" | "target" | "reason" | "by">): Promise<KillOutcome>;
  status(): DimmerStatus;
  /** Counts one request towards the next batch. */
  observe(observation: ObservationInput): void;
  /** Listens until the returned function is called. */
  on<E extends keyof DimmerEvents>(event: E, listener: (data: DimmerEvents[E]) => void): () => void;
  /** Sends what was observed, stops following, releases everything. Getters go on answering from what is known. */
  close(): Promise<void>;
}
