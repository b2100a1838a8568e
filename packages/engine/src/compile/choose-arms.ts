/**
 * Which variants of a flag count as on, what those outside get, and what is safe.
 *
 * - On: as declared; for a boolean flag by default those that hold true. The first is the on-arm of a strategy.
 * - Off: the default variant, unless that is an on-variant; then the safe variant; then, for a boolean flag, the first
 *   that holds false. Never an on-variant, so that a flag whose prerequisite fails is off for those that need it.
 *   A flag that has none of these serves the caller's own default.
 * - Safe: as declared, else off, else the default variant. A kill therefore turns a boolean flag off even when its
 *   default is on.
 */
import type { FlagSource } from "../compiled-flag-set.ts";
import type { Variants } from "./read-variants.ts";
import type { Reader } from "./reader.ts";

export interface Arms {
  readonly defaultVariant: string | undefined;
  readonly onVariants: readonly string[];
  readonly offVariant: string | undefined;
  readonly safeVariant: string | undefined;
}

interface Named {
  readonly defaultVariant: string | undefined;
  readonly safeVariant: string | undefined;
  readonly onVariants: readonly string[] | undefined;
}

export function chooseArms(
  reader: Reader,
  { values, declared, whenTrue, whenFalse }: Variants,
  named: Named,
  { strategy, prerequisites }: Pick<FlagSource, "strategy" | "prerequisites">,
): Arms {
  const { defaultVariant } = named;
  const onVariants = named.onVariants ?? whenTrue;
  const isOff = (name: string | undefined): boolean => name !== undefined && !onVariants.includes(name);
  const offVariant = [defaultVariant, named.safeVariant].find(isOff) ?? whenFalse.find(isOff);
  // A variant with a fault may be the one that is missed here.
  const isWhole = (): boolean => values.size === Object.keys(declared).length;
  if (strategy !== undefined && onVariants.length === 0 && isWhole()) {
    reader.fault("strategy", "no-on-variant");
  }
  const needsOff = prerequisites.length > 0 || (strategy !== undefined && strategy.type !== "all-at-once");
  if (needsOff && offVariant === undefined && defaultVariant !== undefined && isWhole()) {
    reader.fault("defaultVariant", "no-off-variant");
  }
  return { defaultVariant, onVariants, offVariant, safeVariant: named.safeVariant ?? offVariant ?? defaultVariant };
}
