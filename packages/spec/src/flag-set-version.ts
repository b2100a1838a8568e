/** The arithmetic of flag-set versions; zod-free. */

/**
 * The version that follows `lastVersion` at `nowMs`: max(last + 1, unix ms × 1024), an exact integer below 2^53 until
 * the year 2248. Tied to the clock so that a wiped or restored database does not fall behind its clients.
 */
export function nextVersion(lastVersion: number, nowMs: number): number {
  return Math.max(lastVersion + 1, Math.floor(nowMs) * 1024);
}

/** When a version was made, in unix milliseconds; exact to the millisecond unless versions were made faster than 1,024 a millisecond. */
export function versionTimeMs(version: number): number {
  return Math.floor(version / 1024);
}
