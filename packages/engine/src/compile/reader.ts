/** Reads an untyped object member by member, noting everything that is not as it must be. */
import { pointerTo, type FaultList } from "../fault.ts";
import { limits } from "../limits.ts";
import { isList, isObject, isText } from "../targeting/values.ts";

/** Names under which JavaScript keeps an object's inheritance; as names of flags or variants they are a trap. */
const forbiddenNames: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

export class Reader {
  readonly pointer: string;
  readonly faults: FaultList;
  readonly #object: Readonly<Record<string, unknown>>;

  constructor(object: Readonly<Record<string, unknown>>, pointer: string, faults: FaultList) {
    this.#object = object;
    this.pointer = pointer;
    this.faults = faults;
  }

  get(name: string): unknown {
    return Object.hasOwn(this.#object, name) ? this.#object[name] : undefined;
  }

  fault(name: string, message: string, fix: string): void {
    this.faults.add(pointerTo(this.pointer, name), message, fix, this.get(name));
  }

  /** The value under `name`; undefined when it is not there, and, with a fault, when it is not what it must be. */
  read<T>(name: string, is: (value: unknown) => value is T, what: string, fix: string): T | undefined {
    const value = this.get(name);
    if (value === undefined || is(value)) return value;
    this.fault(name, `'${name}' must be ${what}.`, fix);
    return undefined;
  }

  text(name: string): string | undefined {
    return this.read(name, isText, "text", "Write it in quotes, or leave it out.");
  }

  texts(name: string): readonly string[] | undefined {
    const list = this.read(name, isList, "a list of texts", 'Write ["a", "b"], or leave it out.');
    list?.forEach((entry, index) => {
      if (!isText(entry)) this.entryFault([name, index], "This entry must be text.", "Write it in quotes.", entry);
    });
    return list?.filter(isText);
  }

  /** The object under `name`. */
  object(name: string, what: string): Readonly<Record<string, unknown>> | undefined {
    return this.read(name, isObject, `an object: ${what} by name`, "Write {…}, or leave it out.");
  }

  /** A fault of one entry of the list or object under `name`. */
  entryFault([name, entry]: readonly [string, string | number], message: string, fix: string, value?: unknown): void {
    this.faults.add(pointerTo(pointerTo(this.pointer, name), entry), message, fix, value);
  }
}

/** The names of an object's members, without those nobody may use. */
export function memberNames(
  object: Readonly<Record<string, unknown>>,
  pointer: string,
  faults: FaultList,
): readonly string[] {
  return Object.keys(object).filter((name) => {
    const isForbidden = forbiddenNames.has(name);
    if (!isForbidden && name.length > 0 && name.length <= limits.nameLength) return true;
    const message = isForbidden ? `'${name}' cannot be a name.` : `A name has 1 to ${limits.nameLength} characters.`;
    faults.add(pointerTo(pointer, name), message, "Choose another name.", isForbidden ? name : undefined);
    return false;
  });
}
