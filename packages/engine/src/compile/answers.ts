/** The answers one flag can give, made once and shared by all evaluations. */
import type { FlagValue } from "@dimmer/spec";
import type { Evaluation, EvaluationErrorCode, FlagMetadata, Reason } from "../evaluation.ts";
import { toText } from "../targeting/values.ts";

/** What the answers are made from. */
export interface AnswerSource {
  readonly key: string;
  readonly variants: ReadonlyMap<string, FlagValue>;
  readonly metadata: FlagMetadata;
}

export class Answers {
  readonly #source: AnswerSource;
  #targeted: Map<string, Evaluation> | undefined;

  constructor(source: AnswerSource) {
    this.#source = source;
  }

  /** The answer with this variant; without one, or with a name the flag does not have, the caller's default. */
  answer(variant: string | undefined, reason: Reason): Evaluation {
    const { key: flagKey, variants, metadata } = this.#source;
    const value = variant === undefined ? undefined : variants.get(variant);
    return Object.freeze({ flagKey, value, variant: value === undefined ? undefined : variant, reason, metadata });
  }

  /** The answer with this variant; without one the caller's default, which has no better reason than DEFAULT. */
  byDefault(variant: string | undefined, reason: Reason): Evaluation {
    return this.answer(variant, variant === undefined ? "DEFAULT" : reason);
  }

  /** The answer for what targeting gave; undefined for null, and for a number that is none. */
  targeted(result: unknown): Evaluation | undefined {
    if (result === null || result === undefined) return undefined;
    if (typeof result === "number" && !Number.isFinite(result)) return undefined;
    const name = toText(result);
    const known = this.#targeted?.get(name);
    if (known !== undefined) return known;
    if (!this.#source.variants.has(name)) {
      return this.failed(
        "GENERAL",
        `Targeting chose the variant '${name.slice(0, 100)}', which the flag does not have.`,
      );
    }
    const answer = this.answer(name, "TARGETING_MATCH");
    this.#targeted ??= new Map();
    this.#targeted.set(name, answer);
    return answer;
  }

  failed(errorCode: EvaluationErrorCode, errorMessage: string): Evaluation {
    return Object.freeze({ ...this.answer(undefined, "ERROR"), errorCode, errorMessage });
  }
}
