/** Reads an untyped object member by member, noting everything that is not as it must be. */
import { pointerTo, type FaultCode, type FaultList } from "../fault.ts";
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

  fault(name: string, code: FaultCode, ...details: readonly (string | number)[]): void {
    this.faults.add(pointerTo(this.pointer, name), code, this.get(name), ...details);
  }

  /** The value under `name`; undefined when it is not there, and, with a fault, when it is not what it must be. */
  read<T>(name: string, is: (value: unknown) => value is T, code: FaultCode): T | undefined {
    const value = this.get(name);
    if (value === undefined || is(value)) return value;
    this.fault(name, code);
    return undefined;
  }

  text(name: string): string | undefined {
    return this.read(name, isText, "not-text");
  }

  texts(name: string): readonly string[] | undefined {
    const list = this.read(name, isList, "not-texts");
    return list === undefined ? undefined : this.#textsOf(name, list);
  }

  #textsOf(name: string, list: readonly unknown[]): readonly string[] {
    return list.filter((entry, index) => {
      if (!isText(entry)) this.entryFault([name, index], "not-text", entry);
      return isText(entry);
    });
  }

  /** The object under `name`. */
  object(name: string): Readonly<Record<string, unknown>> | undefined {
    return this.read(name, isObject, "not-object");
  }

  /** A fault of one entry of the list or object under `name`. */
  entryFault(
    [name, entry]: readonly [string, string | number],
    code: FaultCode,
    value?: unknown,
    ...details: readonly (string | number)[]
  ): void {
    this.faults.add(pointerTo(pointerTo(this.pointer, name), entry), code, value, ...details);
  }
}

/** The names of an object's members, without those nobody may use. */
export function memberNames(
  object: Readonly<Record<string, unknown>>,
  pointer: string,
  faults: FaultList,
): readonly string[] {
  const names = Object.keys(object);
  if (names.every(isName)) return names;
  return names.filter((name) => {
    if (!isName(name)) faults.add(pointerTo(pointer, name), "bad-name", name);
    return isName(name);
  });
}

function isName(name: string): boolean {
  return name.length > 0 && name.length <= limits.nameLength && !forbiddenNames.has(name);
}
