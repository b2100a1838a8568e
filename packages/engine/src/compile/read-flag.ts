/** Reads one flag as its file says it. */
import type { CompiledFlag } from "../compiled-flag-set.ts";
import type { FlagMetadata } from "../evaluation.ts";
import { pointerTo, type FaultList } from "../fault.ts";
import { isObject, isPlain } from "../targeting/values.ts";
import { checkArms, chooseOffVariant } from "./choose-arms.ts";
import { memberNames, Reader } from "./reader.ts";
import { readStrategy } from "./read-strategy.ts";
import { readVariants, type KnownVariants, type Variants } from "./read-variants.ts";

/**
 * A flag as it was read, with room for what compiling it adds: a set has thousands of flags, and so each of them is one
 * object, of one shape, from the start.
 */
export type FlagDraft = { -readonly [Name in keyof CompiledFlag]: CompiledFlag[Name] };

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
  if (!isObject(input)) {
    faults.add(pointer, "not-object", input);
    return undefined;
  }
  const reader = new Reader(input, pointer, faults);
  const state = reader.get("state");
  if (state !== "ENABLED" && state !== "DISABLED") reader.fault("state", "unknown-state");
  const variants = readVariants(reader, surroundings.knownVariants);
  const targeting = readTargeting(reader);
  const metadata = readMetadata(reader, surroundings.metadata);
  const strategy = readStrategy(reader);
  const prerequisites = reader.texts("prerequisites") ?? none;
  const locked = reader.text("locked");
  reader.text("description");
  reader.text("owner");
  const defaultVariant = readVariantName(reader, "defaultVariant", variants);
  const onVariants = readOnVariants(reader, variants) ?? variants.whenTrue;
  const flag: FlagDraft = {
    key,
    pointer,
    type: variants.type,
    isDisabled: state === "DISABLED",
    variants: variants.values,
    defaultVariant,
    onVariants,
    offVariant: undefined,
    safeVariant: readVariantName(reader, "safeVariant", variants),
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
  flag.offVariant = chooseOffVariant(variants, flag);
  flag.safeVariant ??= flag.offVariant ?? defaultVariant;
  checkArms(reader, variants, flag);
  return flag;
}

function readTargeting(reader: Reader): object | undefined {
  if (reader.get("targeting") === null) return undefined;
  const targeting = reader.object("targeting");
  return targeting === undefined || Object.keys(targeting).length === 0 ? undefined : targeting;
}

/** The metadata at `reader`, over `inherited`. */
export function readMetadata(reader: Reader, inherited: FlagMetadata): FlagMetadata {
  const own = reader.object("metadata");
  if (own === undefined) return inherited;
  const metadata: Record<string, string | number | boolean> = { ...inherited };
  for (const name of memberNames(own, pointerTo(reader.pointer, "metadata"), reader.faults)) {
    const value = own[name];
    if (isPlain(value)) metadata[name] = value;
    else reader.entryFault(["metadata", name], "not-plain", value);
  }
  return Object.freeze(metadata);
}

function readVariantName(reader: Reader, name: string, { declared }: Variants): string | undefined {
  if (reader.get(name) === null) return undefined;
  const variant = reader.text(name);
  if (variant === undefined || Object.hasOwn(declared, variant)) return variant;
  reader.fault(name, "unknown-variant", ...someOf(declared));
  return undefined;
}

function readOnVariants(reader: Reader, { declared }: Variants): readonly string[] | undefined {
  const onVariants = reader.texts("onVariants");
  if (onVariants !== undefined) checkOnVariants(reader, onVariants, declared);
  return onVariants;
}

function checkOnVariants(reader: Reader, onVariants: readonly string[], declared: object): void {
  onVariants.forEach((name, index) => {
    if (Object.hasOwn(declared, name)) return;
    reader.entryFault(["onVariants", index], "unknown-variant", name, ...someOf(declared));
  });
}

function someOf(variants: object): readonly string[] {
  return Object.keys(variants).slice(0, 20);
}
