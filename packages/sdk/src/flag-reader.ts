/** The getters: from a snapshot to an answer, synchronously and without a throw. */
import { evaluate, evaluateAll, isOn } from "@dimmer/engine";
import type { Evaluation, EvaluationContext } from "@dimmer/engine";
import type { FlagValue, KillScope } from "@dimmer/spec";
import { parseKillSwitchKey } from "@dimmer/spec/kill-set";
import type { Dimmer, EvaluationDetails, JsonObject } from "./dimmer.ts";
import type { ExposureCounter } from "./exposure-counter.ts";
import type { FlagOrigin } from "./flag-origin.ts";
import { isTargetKilled } from "./kills/killed-targets.ts";
import type { Snapshot } from "./snapshot.ts";
import { Tally } from "./tally.ts";

export interface FlagReaderOptions {
  readonly snapshot: () => Snapshot;
  readonly nowMs: () => number;
  /** Of a flag there is. */
  readonly originOf: (key: string) => FlagOrigin;
  /** Of kills. */
  readonly killVersion: () => number;
  /** Undefined: getters know only the context they are given. */
  readonly currentContext: (() => EvaluationContext) | undefined;
  /** Undefined: exposures are not counted. */
  readonly exposures: ExposureCounter | undefined;
}

type Getter = "boolean" | "string" | "number" | "object" | "details" | "isOn" | "isKilled" | "evaluate" | "all";

export type FlagReader = Pick<Dimmer, Getter> & {
  readonly unknownFlags: Tally;
  readonly typeMismatches: Tally;
};

const noContext: EvaluationContext = Object.freeze({});

export function createFlagReader(options: FlagReaderOptions): FlagReader {
  const { snapshot, nowMs, originOf, killVersion, currentContext, exposures } = options;
  const unknownFlags = new Tally();
  const typeMismatches = new Tally();

  const within = (own: EvaluationContext): EvaluationContext => {
    if (currentContext === undefined) return own;
    return own === noContext ? currentContext() : { ...currentContext(), ...own };
  };
  const ask = (key: string, context: EvaluationContext): Evaluation => {
    const { compiled, hasTimedFlags } = snapshot();
    const isTimed = hasTimedFlags && compiled.flags.get(key)?.isTimed === true;
    return evaluate(compiled, key, within(context), isTimed ? nowMs() : 0);
  };
  const isKilled = (scope: KillScope, target?: string): boolean => isTargetKilled(snapshot().killed, scope, target);
  /** Whether the kill a key stands for is in force; undefined for every other key. */
  const readKillSwitch = (key: string): boolean | undefined => {
    const kill = parseKillSwitchKey(key);
    return kill === undefined ? undefined : isKilled(kill.scope, kill.target);
  };
  /** A value that could not be used: the flag's own absence of one, or something to be counted. */
  const countMiss = (key: string, evaluation: Evaluation): void => {
    if (evaluation.errorCode === "FLAG_NOT_FOUND") unknownFlags.add(key);
    else if (evaluation.value !== undefined) typeMismatches.add(key);
  };

  function details(key: string, fallback: boolean, context?: EvaluationContext): EvaluationDetails<boolean>;
  function details(key: string, fallback: string, context?: EvaluationContext): EvaluationDetails<string>;
  function details(key: string, fallback: number, context?: EvaluationContext): EvaluationDetails<number>;
  function details(key: string, fallback: JsonObject, context?: EvaluationContext): EvaluationDetails<JsonObject>;
  function details(key: string, fallback: FlagValue, context = noContext): EvaluationDetails<FlagValue> {
    const evaluation = ask(key, context);
    const { flagKey, value, variant, reason, errorCode, errorMessage, metadata } = evaluation;
    if (value !== undefined && typeof value === typeof fallback) {
      exposures?.count(evaluation);
      return { flagKey, value, variant, reason, metadata, ...originOf(key) };
    }
    if (errorCode === "FLAG_NOT_FOUND") {
      const killed = typeof fallback === "boolean" ? readKillSwitch(key) : undefined;
      const origin = { source: "default", version: 0, ageMs: 0, isStale: false };
      if (killed !== undefined) {
        const source = { ...origin, source: "kills", version: killVersion() };
        return { flagKey, value: killed, variant: killed ? "on" : "off", reason: "STATIC", metadata, ...source };
      }
      unknownFlags.add(key);
      return {
        flagKey,
        value: fallback,
        variant,
        reason,
        errorCode,
        errorMessage: errorMessage ?? "",
        metadata,
        ...origin,
      };
    }
    const missed = { flagKey, value: fallback, variant: undefined, metadata, ...originOf(key) };
    if (value !== undefined) {
      typeMismatches.add(key);
      const message = `The flag '${key}' holds a ${typeof value}; it was asked for as a ${typeof fallback}.`;
      return { ...missed, reason: "ERROR", errorCode: "TYPE_MISMATCH", errorMessage: message };
    }
    return errorCode === undefined
      ? { ...missed, reason }
      : { ...missed, reason, errorCode, errorMessage: errorMessage ?? "" };
  }

  return {
    unknownFlags,
    typeMismatches,
    details,
    isKilled,
    evaluate: (key, context = noContext) => ask(key, context),
    all: (own = noContext) => {
      const { compiled, hasTimedFlags } = snapshot();
      const context = within(own);
      const atMs = hasTimedFlags ? nowMs() : 0;
      return evaluateAll(compiled, context, atMs);
    },
    boolean: (key, fallback, context = noContext) => {
      const evaluation = ask(key, context);
      if (typeof evaluation.value === "boolean") {
        exposures?.count(evaluation);
        return evaluation.value;
      }
      const killed = evaluation.errorCode === "FLAG_NOT_FOUND" ? readKillSwitch(key) : undefined;
      if (killed !== undefined) return killed;
      countMiss(key, evaluation);
      return fallback;
    },
    string: (key, fallback, context = noContext) => {
      const evaluation = ask(key, context);
      if (typeof evaluation.value === "string") {
        exposures?.count(evaluation);
        return evaluation.value;
      }
      countMiss(key, evaluation);
      return fallback;
    },
    number: (key, fallback, context = noContext) => {
      const evaluation = ask(key, context);
      if (typeof evaluation.value === "number") {
        exposures?.count(evaluation);
        return evaluation.value;
      }
      countMiss(key, evaluation);
      return fallback;
    },
    object: (key, fallback, context = noContext) => {
      const evaluation = ask(key, context);
      if (typeof evaluation.value === "object") {
        exposures?.count(evaluation);
        return evaluation.value;
      }
      countMiss(key, evaluation);
      return fallback;
    },
    isOn: (key, context = noContext) => {
      const evaluation = ask(key, context);
      if (evaluation.errorCode !== "FLAG_NOT_FOUND") {
        exposures?.count(evaluation);
        return isOn(snapshot().compiled, evaluation);
      }
      const killed = readKillSwitch(key);
      if (killed === undefined) unknownFlags.add(key);
      return killed ?? false;
    },
  };
}
