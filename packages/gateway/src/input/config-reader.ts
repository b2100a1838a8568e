/** Reads unknown input field by field and collects every fault, so that one look shows all that is wrong. */
import { isRecord } from "./is-record.ts";

/** Something wrong with a configuration. */
export interface ConfigFault {
  /** JSON pointer (RFC 6901) to the place, e.g. `/routes/chat/models/0/provider`. */
  readonly pointer: string;
  /** What is wrong there, in one sentence. */
  readonly message: string;
  /** The offending value, when it is a string, number, boolean or null. */
  readonly value?: string | number | boolean | null;
  /** What to do about it. */
  readonly fix: string;
}

export interface NumberRules {
  /** Used when the value is absent. */
  readonly fallback: number;
  readonly min?: number;
  readonly max?: number;
}

/** Timers of a longer time go off at once. */
const longestWaitMs = 2 ** 31 - 1;

export class ConfigReader {
  readonly faults: ConfigFault[] = [];

  /** The pointer of a member; names are escaped. */
  child(pointer: string, name: string | number): string {
    return `${pointer}/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;
  }

  fault(pointer: string, value: unknown, message: string, fix: string): void {
    // What stands where a key belongs may be one: it is not repeated.
    const isSecret = pointer.startsWith("/apiKeys") || /\/headers\//.test(pointer);
    const isPlain =
      value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    this.faults.push({ pointer, message, ...(isPlain && !isSecret ? { value } : {}), fix });
  }

  /** An object; with `known`, members of other names are faults, because a misspelt setting must not be ignored. */
  record(value: unknown, pointer: string, known?: readonly string[]): Readonly<Record<string, unknown>> | undefined {
    if (!isRecord(value)) {
      this.fault(pointer, value, "This must be an object.", "Write an object here.");
      return undefined;
    }
    for (const name of known === undefined ? [] : Object.keys(value)) {
      if (known?.includes(name) === true) continue;
      this.fault(
        this.child(pointer, name),
        undefined,
        `There is no setting '${name}' here.`,
        `Use one of: ${known?.join(", ")}.`,
      );
    }
    return value;
  }

  list(value: unknown, pointer: string): readonly unknown[] {
    if (Array.isArray(value)) return value;
    this.fault(pointer, value, "This must be a list.", "Write a list here.");
    return [];
  }

  text(value: unknown, pointer: string): string {
    if (typeof value === "string" && value !== "") return value;
    this.fault(pointer, value, "This must be a text that is not empty.", "Write a text here.");
    return "";
  }

  /** A text that goes out in headers: visible ASCII, no spaces. */
  name(value: unknown, pointer: string): string {
    const text = this.text(value, pointer);
    if (text !== "" && !/^[\x21-\x7e]{1,256}$/.test(text)) {
      this.fault(
        pointer,
        value,
        "A name goes out in headers, and this one cannot.",
        "Use visible ASCII characters without spaces.",
      );
    }
    return text;
  }

  boolean(value: unknown, pointer: string, fallback: boolean): boolean {
    if (value === undefined) return fallback;
    if (typeof value === "boolean") return value;
    this.fault(pointer, value, "This must be true or false.", "Write true or false.");
    return fallback;
  }

  number(value: unknown, pointer: string, rules: NumberRules): number {
    if (value === undefined) return rules.fallback;
    const { min = -Infinity, max = Infinity } = rules;
    if (typeof value === "number" && value >= min && value <= max) return value;
    this.fault(pointer, value, `This must be a number${range(min, max)}.`, `Write a number${range(min, max)}.`);
    return rules.fallback;
  }

  /** A time to wait, in whole milliseconds. */
  duration(value: unknown, pointer: string, rules: NumberRules): number {
    return this.integer(value, pointer, { max: longestWaitMs, ...rules });
  }

  integer(value: unknown, pointer: string, rules: NumberRules): number {
    const number = this.number(value, pointer, rules);
    if (Number.isSafeInteger(number)) return number;
    this.fault(pointer, value, "This must be a whole number.", "Write a number without decimals.");
    return rules.fallback;
  }
}

function range(min: number, max: number): string {
  if (max !== Infinity) return ` from ${min} to ${max}`;
  return min === -Infinity ? "" : ` of at least ${min}`;
}
