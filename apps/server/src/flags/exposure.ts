/** What a flag serves, as a person says it: to everyone, to a share, or to some. */
import type { CompiledFlag } from "@dimmer/engine";
import type { Flag, FlagValue, Strategy } from "@dimmer/spec";

/** `value` is present when everyone gets the same. */
export interface Exposure {
  readonly words: string;
  readonly value?: FlagValue;
}

/** What a flag serves by its own definition, prerequisites and kills aside. */
export function exposureOf(definition: Flag, compiled: CompiledFlag, nowMs: number): Exposure {
  if (definition.state === "DISABLED") return { words: "disabled: the caller's default" };
  if (definition.strategy !== undefined) return strategyExposure(definition.strategy, compiled, nowMs);
  if (hasTargeting(definition)) return { words: "by targeting" };
  return toEveryone(compiled, compiled.defaultVariant);
}

/** An empty object is flagd's way to write none. */
function hasTargeting({ targeting }: Flag): boolean {
  return typeof targeting === "object" && targeting !== null && Object.keys(targeting).length > 0;
}

/** What a strategy makes of a flag. */
export function strategyExposure(strategy: Strategy, compiled: CompiledFlag, nowMs: number): Exposure {
  switch (strategy.type) {
    case "all-at-once":
      return toShare(compiled, 100);
    case "percentage":
      return toShare(compiled, strategy.percentage);
    case "progressive":
      return progressiveExposure(strategy, compiled, nowMs);
    case "canary": {
      const others = strategy.percentage ?? 0;
      return others >= 100
        ? toShare(compiled, 100)
        : { words: others > 0 ? `a named few and ${others} %` : "a named few" };
    }
  }
}

/** Everyone gets one variant. */
export function toEveryone(compiled: CompiledFlag, variant: string | undefined): Exposure {
  const value = variant === undefined ? undefined : compiled.variants.get(variant);
  return value === undefined ? { words: "the caller's default" } : { words: wordsOf(value), value };
}

/** A value as a person writes it. */
export function wordsOf(value: FlagValue): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function toShare(compiled: CompiledFlag, percentage: number): Exposure {
  if (percentage <= 0) return toEveryone(compiled, compiled.offVariant);
  if (percentage >= 100) return toEveryone(compiled, compiled.onVariants[0]);
  return { words: `${percentage} %` };
}

function progressiveExposure(
  strategy: Extract<Strategy, { type: "progressive" }>,
  compiled: CompiledFlag,
  nowMs: number,
): Exposure {
  const { start, end } = strategy;
  if (start === undefined || end === undefined) return toShare(compiled, 0);
  const share = (nowMs - Date.parse(start)) / (Date.parse(end) - Date.parse(start));
  if (share <= 0) return { words: `off until ${start}` };
  return share >= 1 ? toShare(compiled, 100) : { words: `${(share * 100).toFixed(1)} %, 100 % at ${end}` };
}
