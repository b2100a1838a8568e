/**
 * flagd's evaluation services, `flagd.evaluation.v1` and `v2`. They differ in one thing, how the caller's own default is
 * said (v2 leaves the value out, v1 says zero with an empty variant), and that is what an absent field is on the wire.
 */
import type { JsonObject } from "@bufbuild/protobuf";
import { Code, ConnectError, type ConnectRouter, type HandlerContext } from "@connectrpc/connect";
import { evaluate, evaluateAll, type Evaluation } from "@dimmer/engine";
import type { FlagValue } from "@dimmer/spec";
import type { Clock } from "../clock.ts";
import type { ServedFlagSet } from "../flags/served-flags.ts";
import { environmentOf, identify, type FlagdCallers } from "./caller.ts";
import { followChanges } from "./follow-changes.ts";
import { changeEvent } from "./change-event.ts";
import { Service as ServiceV1 } from "./proto/evaluation-v1.ts";
import { Service as ServiceV2 } from "./proto/evaluation-v2.ts";

export interface EvaluationServices extends FlagdCallers {
  readonly clock: Clock;
}

interface Question {
  readonly flagKey: string;
  readonly context?: JsonObject | undefined;
}

/** What every resolve method answers; without a value the caller's own default holds. */
interface Answer<T> {
  readonly reason: string;
  readonly metadata: JsonObject;
  readonly value?: T;
  readonly variant?: string;
}

/** Registers both versions. */
export function registerEvaluation(router: ConnectRouter, services: EvaluationServices): void {
  const { served, clock } = services;

  function ask({ flagKey, context = {} }: Question, { requestHeader }: HandlerContext): Evaluation {
    const { compiled } = served.current(environmentOf(identify(services, requestHeader)));
    return evaluate(compiled, flagKey, context, clock.nowMs());
  }

  function resolve<T>(read: (value: FlagValue) => T | undefined) {
    return (question: Question, call: HandlerContext): Answer<T> => {
      const evaluation = ask(question, call);
      const { value, variant, reason, metadata, errorCode, errorMessage } = evaluation;
      if (errorCode !== undefined) throw new ConnectError(errorMessage ?? errorCode, codes[errorCode]);
      // Clients know the caller's own default by these two reasons alone.
      if (value === undefined) return { reason: reason === "DISABLED" ? reason : "DEFAULT", metadata: { ...metadata } };
      const typed = read(value);
      if (typed === undefined || variant === undefined)
        throw new ConnectError(`The flag '${question.flagKey}' is of another type.`, Code.InvalidArgument);
      return { value: typed, variant, reason, metadata: { ...metadata } };
    };
  }

  const methods = {
    resolveBoolean: resolve((value) => (typeof value === "boolean" ? value : undefined)),
    resolveString: resolve((value) => (typeof value === "string" ? value : undefined)),
    resolveFloat: resolve((value) => (typeof value === "number" ? value : undefined)),
    // Only what an integer can hold without loss.
    resolveInt: resolve((value) =>
      typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : undefined,
    ),
    resolveObject: resolve((value) => (typeof value === "object" ? value : undefined)),

    resolveAll({ context = {} }: { readonly context?: JsonObject | undefined }, { requestHeader }: HandlerContext) {
      const { compiled } = served.current(environmentOf(identify(services, requestHeader)));
      const nowMs = clock.nowMs();
      const answers = evaluateAll(compiled, context, nowMs);
      const flags = Object.fromEntries(answers.map((answer) => [answer.flagKey, toAnyFlag(answer)]));
      return { flags, metadata: { ...compiled.metadata } };
    },

    async *eventStream(_request: object, call: HandlerContext) {
      const caller = identify(services, call.requestHeader);
      const { token } = caller;
      const isValid = (): boolean => token === undefined || services.tokens.isValid(token.id);
      const changes = followChanges({ served, clock, call, isValid });
      // flagd's own client sends its selector with its questions, not with this one: without one it hears of all.
      const known = new Map<string, ServedFlagSet>(
        services.environments().map((environment) => [environment, served.current(environment)]),
      );
      const isWanted = (environment: string): boolean =>
        caller.selected === undefined ? caller.isAllowed(environment) : caller.selected === environment;
      yield { type: "provider_ready" };
      await changes.tell((environment) => {
        if (!isWanted(environment)) return undefined;
        const before = known.get(environment);
        const after = served.current(environment);
        known.set(environment, after);
        return before === after ? undefined : changeEvent(before, after);
      });
    },
  };

  router.service(ServiceV1, methods);
  router.service(ServiceV2, methods);
}

/** The codes flagd answers with, and its clients turn back into these errors. */
const codes = {
  FLAG_NOT_FOUND: Code.NotFound,
  PARSE_ERROR: Code.DataLoss,
  GENERAL: Code.Unknown,
} as const satisfies Record<NonNullable<Evaluation["errorCode"]>, Code>;

function toAnyFlag({ value, variant, reason, metadata }: Evaluation): {
  readonly reason: string;
  readonly metadata: JsonObject;
  readonly variant?: string;
  readonly value?: ReturnType<typeof toOneOf>;
} {
  const common = { reason, metadata: { ...metadata } };
  return value === undefined || variant === undefined ? common : { ...common, variant, value: toOneOf(value) };
}

function toOneOf(value: FlagValue) {
  switch (typeof value) {
    case "boolean":
      return { case: "boolValue" as const, value };
    case "string":
      return { case: "stringValue" as const, value };
    case "number":
      return { case: "doubleValue" as const, value };
    default:
      return { case: "objectValue" as const, value };
  }
}
