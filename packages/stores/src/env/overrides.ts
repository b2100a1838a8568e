/** Flag overrides from environment variables. */
import type { FlagValue } from "@dimmer/spec";

/** Environment variables, as `process.env` holds them. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** What an override must know of a flag. */
export interface OverridableFlag {
  readonly key: string;
  readonly variants: ReadonlyMap<string, FlagValue>;
}

/** An override that cannot be applied. */
export interface OverrideFault {
  /** The variable, or the flag key when two flags share one name. */
  readonly name: string;
  readonly message: string;
  readonly fix: string;
}

/** Overrides that depend on the flags there are: values are text until a flag's variants say what they mean. */
export interface OverrideSource {
  /** Faults of the flag keys alone: two that share one environment name. A set with any is refused. */
  check(keys: Iterable<string>): readonly OverrideFault[];
  /** The overrides for these flags, and the variables that mean nothing. */
  resolve(flags: Iterable<OverridableFlag>): {
    readonly overrides: ReadonlyMap<string, FlagValue>;
    readonly faults: readonly OverrideFault[];
  };
}

const prefix = "DIMMER_FLAG_";

/** The environment name of a flag: `DIMMER_FLAG_` and the key in upper case, every other character as `_`. */
export function environmentName(key: string): string {
  return `${prefix}${key.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`;
}

/**
 * Overrides by `DIMMER_FLAG_<NAME>`, and by the bare `<NAME>` of the keys in `bareKeys`; the former goes first. The text
 * is a value of the flag (`true`, `block`, `2.5`) or the name of a variant; an empty text is no override.
 */
export function createEnvironmentOverrides(
  env: EnvironmentVariables,
  options: { readonly bareKeys?: Iterable<string> } = {},
): OverrideSource {
  const bareKeys = new Set(options.bareKeys);
  return {
    check: (keys) =>
      [...groupByName(keys)].flatMap(([name, group]) => (group.length > 1 ? [sharedName(name, group)] : [])),
    resolve: (flags) => {
      const byKey = new Map([...flags].map((flag) => [flag.key, flag]));
      const byName = groupByName(byKey.keys());
      const overrides = new Map<string, FlagValue>();
      const faults: OverrideFault[] = [];
      for (const flag of byKey.values()) {
        const name = environmentName(flag.key);
        const bareName = bareKeys.has(flag.key) ? name.slice(prefix.length) : name;
        const variable = isSet(env[name]) ? name : bareName;
        const text = env[variable];
        if (!isSet(text)) continue;
        const group = byName.get(name) ?? [];
        const value = valueOf(flag, text);
        if (group.length > 1) faults.push(sharedName(name, group));
        else if (value === undefined) faults.push(noVariant(variable, text, flag));
        else overrides.set(flag.key, value);
      }
      for (const [name, text] of Object.entries(env)) {
        if (name.startsWith(prefix) && isSet(text) && !byName.has(name)) faults.push(noFlag(name));
      }
      return { overrides, faults };
    },
  };
}

function isSet(text: string | undefined): text is string {
  return text !== undefined && text !== "";
}

function groupByName(keys: Iterable<string>): Map<string, string[]> {
  return Map.groupBy(keys, environmentName);
}

/** A text as one of the flag's values: written as the value is, else by its variant's name. */
function valueOf(flag: OverridableFlag, text: string): FlagValue | undefined {
  for (const value of flag.variants.values()) if (isWritten(value, text)) return value;
  return flag.variants.get(text);
}

function isWritten(value: FlagValue, text: string): boolean {
  if (typeof value === "string") return value === text;
  if (typeof value === "number") return text.trim() !== "" && Number(text) === value;
  return typeof value === "boolean" && String(value) === text.toLowerCase();
}

function sharedName(name: string, keys: readonly string[]): OverrideFault {
  return {
    name,
    message: `The flags ${keys.map((key) => `'${key}'`).join(" and ")} share the environment name ${name}.`,
    fix: "Rename one of them.",
  };
}

function noVariant(name: string, text: string, flag: OverridableFlag): OverrideFault {
  const values = [...flag.variants].map(([variant, value]) => (typeof value === "object" ? variant : String(value)));
  return {
    name,
    message: `${name}='${text}' is no value of the flag '${flag.key}'.`,
    fix: `Use one of: ${values.join(", ")}.`,
  };
}

function noFlag(name: string): OverrideFault {
  return {
    name,
    message: `${name} names no flag.`,
    fix: "Correct the spelling ('dimmer flags list' shows the keys), or remove the variable.",
  };
}
