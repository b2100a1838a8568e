/** The intervals a replay reports. */

/** Lower and upper bound. */
export type Interval = readonly [number, number];

const z95 = 1.959963984540054;

/** Wilson's 95 % interval of a proportion (Wilson 1927): honest near 0 and 1 and for few trials. */
export function wilsonInterval(successes: number, trials: number): Interval {
  if (trials === 0) return [0, 1];
  const share = successes / trials;
  const spread = z95 ** 2 / trials;
  const centre = (share + spread / 2) / (1 + spread);
  const half = (z95 * Math.sqrt((share * (1 - share)) / trials + spread / (4 * trials))) / (1 + spread);
  return [centre - half, centre + half];
}

/**
 * 95 % intervals of figures computed from totals over rows, by the percentile bootstrap (Efron & Tibshirani 1993,
 * ch. 13): rows are drawn with replacement, whole, so that what belongs to one row stays paired. The draws start from a
 * fixed seed: the same rows always give the same intervals.
 *
 * @param rows one list of values per row; all of the same length
 * @param figures computes the figures from the totals of each value
 */
export function bootstrapIntervals(
  rows: readonly (readonly number[])[],
  figures: (totals: readonly number[]) => readonly number[],
  resamples = 2000,
): readonly Interval[] {
  const draw = createDraws(0x5eed);
  const samples = Array.from({ length: resamples }, () => {
    const totals = (rows[0] ?? []).map(() => 0);
    for (let count = 0; count < rows.length; count += 1) {
      const row = rows[Math.floor(draw() * rows.length)] ?? [];
      for (const [index, value] of row.entries()) totals[index] = (totals[index] ?? 0) + value;
    }
    return figures(totals);
  });
  return (samples[0] ?? []).map((_, index) => {
    const sorted = samples.map((sample) => sample[index] ?? Number.NaN).toSorted((one, other) => one - other);
    const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
    return [at(0.025), at(0.975)];
  });
}

/** Mulberry32: a small generator with a full period of 2^32; numbers from 0 to below 1. */
function createDraws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
