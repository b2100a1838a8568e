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

/** As the flag names them; what it does not name is chosen here. */
type NamedArms = Pick<FlagSource, "defaultVariant" | "safeVariant" | "onVariants">;

export function chooseOffVariant(
  { whenFalse }: Variants,
  { defaultVariant, safeVariant, onVariants }: NamedArms,
): string | undefined {
  const isOff = (name: string | undefined): boolean => name !== undefined && !onVariants.includes(name);
  if (isOff(defaultVariant)) return defaultVariant;
  return isOff(safeVariant) ? safeVariant : whenFalse.find(isOff);
}

/** Whether the flag has the arms that its strategy and its prerequisites serve. */
export function checkArms(
  reader: Reader,
  { values, declared }: Variants,
  { strategy, prerequisites, onVariants, offVariant, defaultVariant }: FlagSource,
): void {
  const needsOff = prerequisites.length > 0 || (strategy !== undefined && strategy.type !== "all-at-once");
  const lacksOn = strategy !== undefined && onVariants.length === 0;
  const lacksOff = needsOff && offVariant === undefined && defaultVariant !== undefined;
  // A variant with a fault may be the one that is missed here.
  if ((!lacksOn && !lacksOff) || values.size !== Object.keys(declared).length) return;
  if (lacksOn) reader.fault("strategy", "no-on-variant");
  if (lacksOff) reader.fault("defaultVariant", "no-off-variant");
}
