/** How large a share a strategy exposes, in units of which there are 100,000. */

/** All of a split between the on-arm and the off-arm: 0.001 % each. */
export const shareUnits = 100_000;

/** A percentage of at most three decimals, in units. */
export function unitsOfPercentage(percentage: number): number {
  return Math.round(percentage * 1_000);
}

/** A linear climb in whole seconds, as flagd's `$flagd.timestamp` counts them. */
export interface Ramp {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** The ramp between two instants; undefined unless both are given, and then nothing is exposed. */
export function rampBetween(start: string | undefined, end: string | undefined): Ramp | undefined {
  if (start === undefined || end === undefined) return undefined;
  return { startSeconds: Math.floor(Date.parse(start) / 1_000), endSeconds: Math.floor(Date.parse(end) / 1_000) };
}

/**
 * The units exposed at a second: none up to the start, all from the end. In between (elapsed × 100,000) divided by the
 * duration, rounded down; written so that the lowered form, which has no rounding, gives the same integer.
 */
export function unitsAt(ramp: Ramp, second: number): number {
  if (second <= ramp.startSeconds) return 0;
  if (second >= ramp.endSeconds) return shareUnits;
  const scaled = (second - ramp.startSeconds) * shareUnits;
  const duration = ramp.endSeconds - ramp.startSeconds;
  return (scaled - (scaled % duration)) / duration;
}
