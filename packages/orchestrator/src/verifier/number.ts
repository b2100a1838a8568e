/** Comparing numbers that were computed in one way and written in another. */

/** Whether two numbers are the same but for floating-point noise. */
export function isNear(one: number, other: number): boolean {
  return Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(one), Math.abs(other));
}

/** Whether two numbers are the same, or one is the other as a percentage. */
export function isNearOrPercent(one: number, other: number): boolean {
  return isNear(one, other) || isNear(one * 100, other) || isNear(one, other * 100);
}
