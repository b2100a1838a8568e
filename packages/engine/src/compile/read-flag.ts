/** Reads one flag as its file says it. */
import type { CompiledFlag } from "../compiled-flag-set.ts";
import type { FlagMetadata } from "../evaluation.ts";
import { pointerTo, type FaultList } from "../fault.ts";
import { isList, isRecord } from "../targeting/values.ts";
import { chooseArms } from "./choose-arms.ts";
import { memberNames, Reader } from "./reader.ts";
import { readStrategy } from "./read-strategy.ts";
import { readVariants, type KnownVariants, type Variants } from "./read-variants.ts";

type Compiling = "isTimed" | "answer" | "own" | "requires";

/**
 * A flag as it was read, with room for what compiling it adds: a set has thousands of flags, and so each of them is one
 * object, of one shape, from the start.
 */
export type FlagDraft = Omit<CompiledFlag, Compiling> & { -readonly [Name in Compiling]: CompiledFlag[Name] };

/** What the flags of one set share while they are read. */
export interface FlagSurroundings {
  readonly metadata: FlagMetadata;
  readonly faults: FaultList;
  readonly knownVariants: KnownVariants;
}

const none: readonly never[] = [];

function notCompiled(): never {
  throw new Error("The flag is not compiled.");
}

/** Reads one flag; undefined when it is none. One that has faults is read as far as it goes, to find them all. */
export function readFlag(key: string, input: unknown, surroundings: FlagSurroundings): FlagDraft | undefined {
  const { faults } = surroundings;
  const pointer = pointerTo("/flags", key);
  if (!isRecord(input) || isList(input)) {
    faults.add(
      pointer,
      "A flag must be an object.",
      'Write {"state": "ENABLED", "variants": {…}, "defaultVariant": "…"}.',
      input,
    );
    return undefined;
  }
  const reader = new Reader(input, pointer, faults);
  const isDisabled = readState(reader) === "DISABLED";
  const variants = readVariants(reader, surroundings.knownVariants);
  const targeting = readTargeting(reader);
  const metadata = readMetadata(reader, surroundings.metadata);
  const strategy = readStrategy(reader);
  const prerequisites = reader.texts("prerequisites") ?? none;
  const locked = reader.text("locked");
  reader.text("description");
  reader.text("owner");
  const { type, values } = variants;
  const named = {
    defaultVariant: readVariantName(reader, "defaultVariant", variants),
    safeVariant: readVariantName(reader, "safeVariant", variants),
    onVariants: readOnVariants(reader, variants),
  };
  const { defaultVariant, onVariants, offVariant, safeVariant } = chooseArms(reader, variants, named, {
    strategy,
    prerequisites,
  });
  return {
    key,
    pointer,
    type,
    isDisabled,
    variants: values,
    defaultVariant,
    onVariants,
    offVariant,
    safeVariant,
    locked,
    prerequisites,
    metadata,
    targeting,
    strategy,
    isTimed: false,
    answer: notCompiled,
    own: notCompiled,
    requires: none,
  };
}

function readState(reader: Reader): "ENABLED" | "DISABLED" | undefined {
  const state = reader.get("state");
  if (state === "ENABLED" || state === "DISABLED") return state;
  reader.fault("state", "'state' must be ENABLED or DISABLED.", 'Write "state": "ENABLED".');
  return undefined;
}

function readTargeting(reader: Reader): object | undefined {
  const targeting = reader.get("targeting");
  if (targeting === undefined || targeting === null) return undefined;
  if (!isRecord(targeting) || isList(targeting)) {
    reader.fault(
      "targeting",
      "'targeting' must be an object.",
      'Write an operation such as {"if": […]}, or leave it out.',
    );
    return undefined;
  }
  return Object.keys(targeting).length === 0 ? undefined : targeting;
}

/** The metadata at `reader`, over `inherited`. */
export function readMetadata(reader: Reader, inherited: FlagMetadata): FlagMetadata {
  const own = reader.object("metadata", "texts, numbers and booleans");
  if (own === undefined) return inherited;
  const metadata: Record<string, string | number | boolean> = { ...inherited };
  for (const name of memberNames(own, pointerTo(reader.pointer, "metadata"), reader.faults)) {
    const value = own[name];
    if (
      typeof value === "string" ||
      typeof value === "boolean" ||
      (typeof value === "number" && Number.isFinite(value))
    )
      metadata[name] = value;
    else
      reader.entryFault(
        ["metadata", name],
        "Metadata holds texts, numbers and booleans.",
        "Write one of these.",
        value,
      );
  }
  return Object.freeze(metadata);
}

function readVariantName(reader: Reader, name: string, { declared }: Variants): string | undefined {
  if (reader.get(name) === null) return undefined;
  const variant = reader.text(name);
  if (variant === undefined || Object.hasOwn(declared, variant)) return variant;
  reader.fault(name, `'${name}' names no variant of this flag.`, `Use one of: ${listed(declared)}.`);
  return undefined;
}

function readOnVariants(reader: Reader, { declared }: Variants): readonly string[] | undefined {
  const onVariants = reader.texts("onVariants");
  onVariants?.forEach((name, index) => {
    if (!Object.hasOwn(declared, name)) {
      reader.entryFault(
        ["onVariants", index],
        "This names no variant of this flag.",
        `Use some of: ${listed(declared)}.`,
        name,
      );
    }
  });
  return onVariants;
}

function listed(variants: object): string {
  return Object.keys(variants).slice(0, 20).join(", ");
}
