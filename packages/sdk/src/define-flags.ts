/** Flags whose keys and values are types: read off the definitions by the compiler, kept at run time by `get`. */
import type { CompiledFlag, EvaluationContext } from "@dimmer/engine";
import type { FlagDefinitions, FlagValue } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { acceptValues } from "./accepted-values.ts";
import { compileDefinitions } from "./compile-definitions.ts";
import type { Dimmer, EvaluationDetails } from "./dimmer.ts";
import { Tally } from "./tally.ts";

/** What typed flags are read through: a Dimmer, or one that is bound to a request. */
export type FlagGetters = Pick<Dimmer, "boolean" | "string" | "number" | "object" | "details" | "isOn">;

/** The type of a value, free of what the value itself is. */
export type Widened<T> = T extends boolean
  ? boolean
  : T extends string
    ? string
    : T extends number
      ? number
      : T extends readonly (infer Item)[]
        ? readonly Widened<Item>[]
        : T extends object
          ? { readonly [Name in keyof T]: Widened<T[Name]> }
          : T;

/** As deep as it goes, nothing of it can be changed: what `as const` makes is of this form. */
export type Immutable<T> = T extends readonly (infer Item)[]
  ? readonly Immutable<Item>[]
  : T extends object
    ? { readonly [Name in keyof T]: Immutable<T[Name]> }
    : T;

/** By flag key the type of its value: the union of its variants, or their widened type where the flag is open. */
export type ValuesOf<D extends Immutable<FlagDefinitions>, Open extends string = never> = {
  [Key in keyof D["flags"] & string]: Key extends Open ? Widened<VariantOf<D, Key>> : VariantOf<D, Key>;
};
type VariantOf<
  D extends Immutable<FlagDefinitions>,
  Key extends keyof D["flags"],
> = D["flags"][Key]["variants"][keyof D["flags"][Key]["variants"]];

/** A program's flags. `Values` has the type of each, by key. */
export interface DefinedFlags<Values> {
  /** For `createDimmer({ definitions })`, which serves them at their safe variants while no store knows them. */
  readonly definitions: FlagDefinitions;
  /** The flags as this Dimmer answers them. */
  bind(dimmer: FlagGetters): TypedFlags<Values>;
}

/**
 * Getters that know each flag's type and need no fallback: where a flag has no value to give, or one that is not of its
 * type here, its safe variant is served.
 */
export interface TypedFlags<Values> {
  get<Key extends keyof Values & string>(key: Key, context?: EvaluationContext): Values[Key];
  /** As `Dimmer.details`; TYPE_MISMATCH for a value that is not among those of the definitions. */
  details<Key extends keyof Values & string>(key: Key, context?: EvaluationContext): TypedDetails<Values[Key]>;
  isOn(key: keyof Values & string, context?: EvaluationContext): boolean;
  /** How often a value was served that is not of its flag's type here, by key. */
  mismatches(): Readonly<Record<string, number>>;
}

/** An answer with a value of the flag's own type. */
export type TypedDetails<Value> = Omit<EvaluationDetails<FlagValue>, "value"> & { readonly value: Value };

/**
 * Defines a program's flags, in the form of a flag file. Keys and variants become types as they stand; nothing is
 * generated, and `as const` is not needed. A value that another place serves and that is none of the variants here is
 * not handed out, except of the flags in `open`: of those any value of the variants' type is, so that a number or a
 * prompt can be tuned without a new build. Throws DimmerError `flag_set_invalid` for definitions with faults, and for a
 * flag without a safe or default variant: a typed getter has no other fallback.
 *
 * @example
 * const flags = defineFlags({
 *   flags: { "ai.mode": { state: "ENABLED", variants: { off: "off", on: "on" }, safeVariant: "off" } },
 * });
 * const dimmer = createDimmer({ stores: [], definitions: flags.definitions });
 * const mode: "off" | "on" = flags.bind(dimmer).get("ai.mode", { targetingKey: "user-1" });
 */
export function defineFlags<
  const D extends Immutable<FlagDefinitions>,
  const Open extends keyof D["flags"] & string = never,
>(definitions: D, options: { readonly open?: readonly Open[] } = {}): DefinedFlags<ValuesOf<D, Open>> {
  // Nobody below changes them; they say so by other types.
  const plain = definitions as FlagDefinitions;
  const open = new Set<string>(options.open);
  const typed = [...compileDefinitions(plain).flags.values()].map((flag) => ({
    key: flag.key,
    fallback: safeValueOf(flag),
    accepts: acceptValues([...flag.variants.values()], open.has(flag.key)),
  }));
  return { definitions: plain, bind: (dimmer) => bindFlags(dimmer, typed) };
}

interface TypedFlag {
  readonly key: string;
  readonly fallback: FlagValue;
  readonly accepts: (value: FlagValue) => boolean;
}

function bindFlags<Values>(dimmer: FlagGetters, flags: readonly TypedFlag[]): TypedFlags<Values> {
  const refused = new Tally();
  const bound = new Map(flags.map((flag) => [flag.key, { ...flag, ...bindGetters(dimmer, flag.key, flag.fallback) }]));
  const find = (key: string): NonNullable<ReturnType<typeof bound.get>> => {
    const flag = bound.get(key);
    if (flag === undefined) throw new DimmerError("flag_not_found", `The program defines no flag '${key}'.`, { key });
    return flag;
  };
  // `accepts` has held each value against the definitions that `Values` was read off: that is what the casts say.
  return {
    get: <Key extends keyof Values & string>(key: Key, context?: EvaluationContext) => {
      const { read, accepts, fallback } = find(key);
      const value = read(context);
      if (accepts(value)) return value as Values[Key];
      refused.add(key);
      return fallback as Values[Key];
    },
    details: <Key extends keyof Values & string>(key: Key, context?: EvaluationContext) => {
      const { readDetails, accepts, fallback } = find(key);
      const details = readDetails(context);
      if (accepts(details.value)) return details as TypedDetails<Values[Key]>;
      refused.add(key);
      const errorMessage = `The flag '${key}' serves ${JSON.stringify(details.value)}, which its definition in this program does not have.`;
      return {
        ...details,
        value: fallback as Values[Key],
        variant: undefined,
        reason: "ERROR",
        errorCode: "TYPE_MISMATCH",
        errorMessage,
      };
    },
    isOn: (key, context) => dimmer.isOn(key, context),
    mismatches: () => refused.toRecord(),
  };
}

interface BoundGetters {
  readonly read: (context: EvaluationContext | undefined) => FlagValue;
  readonly readDetails: (context: EvaluationContext | undefined) => EvaluationDetails<FlagValue>;
}

/** The getters of the fallback's type. */
function bindGetters(dimmer: FlagGetters, key: string, fallback: FlagValue): BoundGetters {
  if (typeof fallback === "boolean") {
    return {
      read: (context) => dimmer.boolean(key, fallback, context),
      readDetails: (context) => dimmer.details(key, fallback, context),
    };
  }
  if (typeof fallback === "string") {
    return {
      read: (context) => dimmer.string(key, fallback, context),
      readDetails: (context) => dimmer.details(key, fallback, context),
    };
  }
  if (typeof fallback === "number") {
    return {
      read: (context) => dimmer.number(key, fallback, context),
      readDetails: (context) => dimmer.details(key, fallback, context),
    };
  }
  return {
    read: (context) => dimmer.object(key, fallback, context),
    readDetails: (context) => dimmer.details(key, fallback, context),
  };
}

function safeValueOf({ key, pointer, variants, safeVariant }: CompiledFlag): FlagValue {
  const value = safeVariant === undefined ? undefined : variants.get(safeVariant);
  if (value !== undefined) return value;
  const fix = "Name the variant to serve when nothing else is known in 'safeVariant'.";
  throw new DimmerError("flag_set_invalid", `The flag '${key}' has neither a safe nor a default variant. ${fix}`, {
    pointer,
    fix,
  });
}
