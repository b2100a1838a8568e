import { isPlain } from "./targeting/values.ts";

/** Something wrong with a flag set, found when it is loaded. */
export interface Fault {
  /** JSON pointer (RFC 6901) to the place, e.g. `/flags/checkout/variants`. */
  readonly pointer: string;
  /** What is wrong there, in one sentence. */
  readonly message: string;
  /** The offending value, when it is a string, number, boolean or null. */
  readonly value?: string | number | boolean | null;
  /** What to do about it. */
  readonly fix: string;
}

/** A hostile file must not turn into an endless list: after this many, further findings are counted and not kept. */
const maxKept = 1_000;

/** Collects findings while a set is read, so that one attempt shows everything that is wrong with it. */
export class FaultList {
  readonly #faults: Fault[] = [];
  readonly #seen = new Set<string>();
  #dropped = 0;

  add(pointer: string, message: string, fix: string, value?: unknown): void {
    // An evaluator is read again for every flag that refers to it.
    const finding = `${pointer} ${message}`;
    if (this.#seen.has(finding)) return;
    this.#seen.add(finding);
    if (this.#faults.length >= maxKept) {
      this.#dropped += 1;
      return;
    }
    this.#faults.push(
      value === null || isPlain(value) ? { pointer, message, value: shorten(value), fix } : { pointer, message, fix },
    );
  }

  get isEmpty(): boolean {
    return this.#faults.length === 0;
  }

  toArray(): readonly Fault[] {
    if (this.#dropped === 0) return this.#faults;
    const rest = {
      pointer: "",
      message: `${this.#dropped} more findings are not listed.`,
      fix: "Correct these first.",
    };
    return [...this.#faults, rest];
  }
}

/** The pointer to a member of what `pointer` points to. */
export function pointerTo(pointer: string, member: string | number): string {
  return `${pointer}/${String(member).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function shorten<T>(value: T): T | string {
  return typeof value === "string" && value.length > 100 ? `${value.slice(0, 100)}…` : value;
}
