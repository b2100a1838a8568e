import { isPlain } from "./targeting/values.ts";

/**
 * What can be wrong with a flag set, the closed list. The sentences to each are an entry of their own,
 * `@dimmer/engine/faults`, so that an application which only evaluates does not carry them.
 */
export type FaultCode =
  // Shapes
  | "not-object"
  | "not-text"
  | "not-texts"
  | "not-plain"
  | "not-plain-list"
  | "not-version"
  | "not-percentage"
  | "not-instant"
  | "not-boolean"
  | "missing"
  | "bad-name"
  | "unknown-member"
  // The set and its flags
  | "too-many-flags"
  | "same-key"
  | "unknown-bucketing"
  | "unknown-state"
  | "unknown-variant"
  | "no-variants"
  | "not-variant"
  | "mixed-types"
  | "unsafe-number"
  | "unfit-object"
  | "unknown-strategy"
  | "too-precise"
  | "no-attribute"
  | "ends-early"
  | "no-on-variant"
  | "no-off-variant"
  | "unknown-flag"
  | "never-on"
  | "needs-too-many"
  | "circle"
  // Targeting
  | "several-operators"
  | "unknown-operator"
  | "unknown-evaluator"
  | "unknown-property"
  | "wrong-arguments"
  | "too-deep"
  | "flag-too-large"
  | "set-too-large"
  | "not-json"
  | "gives-nothing"
  | "key-constant"
  | "not-arm"
  | "arm-not-variant"
  | "weight-not-integer"
  | "too-heavy"
  | "no-weight"
  | "unknown-comparison"
  | "not-sem-ver"
  // The short form
  | "not-short-form"
  // Overrides
  | "unknown-override"
  | "locked"
  | "unknown-value"
  /** Not a finding: how many more there were than are kept. */
  | "more";

/** Something wrong with a flag set, found when it is loaded. `describeFault` of `@dimmer/engine/faults` puts it in words. */
export interface Fault {
  /** JSON pointer (RFC 6901) to the place, e.g. `/flags/checkout/variants`. */
  readonly pointer: string;
  readonly code: FaultCode;
  /** The offending value, when it is a string, number, boolean or null. */
  readonly value?: string | number | boolean | null;
  /** What the sentence needs besides: what would be allowed, how many there are. */
  readonly details?: readonly (string | number)[];
}

/** A hostile file must not turn into an endless list: after this many, further findings are counted and not kept. */
const maxKept = 1_000;

/** Collects findings while a set is read, so that one attempt shows everything that is wrong with it. */
export class FaultList {
  readonly #faults: Fault[] = [];
  readonly #seen = new Set<string>();
  #dropped = 0;

  add(pointer: string, code: FaultCode, value?: unknown, ...details: readonly (string | number)[]): void {
    // An evaluator is read again for every flag that refers to it.
    const finding = pointer + code;
    if (this.#seen.has(finding)) return;
    this.#seen.add(finding);
    if (this.#faults.length >= maxKept) {
      this.#dropped += 1;
      return;
    }
    this.#faults.push({
      pointer,
      code,
      ...((value === null || isPlain(value)) && { value: shorten(value) }),
      ...(details.length > 0 && { details }),
    });
  }

  get isEmpty(): boolean {
    return this.#faults.length === 0;
  }

  toArray(): readonly Fault[] {
    if (this.#dropped === 0) return this.#faults;
    return [...this.#faults, { pointer: "", code: "more", details: [this.#dropped] }];
  }
}

/** The pointer to a member of what `pointer` points to. */
export function pointerTo(pointer: string, member: string | number): string {
  return `${pointer}/${String(member).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function shorten<T>(value: T): T | string {
  return typeof value === "string" && value.length > 100 ? `${value.slice(0, 100)}…` : value;
}
