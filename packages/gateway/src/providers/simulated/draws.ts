/** Random numbers of a simulated provider: from a seed where the run is to be repeated, else from the one it is given. */

/** Numbers of 0 to 1. */
export interface Draws {
  /** The next of a sequence. */
  next(): number;
  /** One that belongs to this text: with a seed always the same. */
  of(text: string): number;
}

export function createDraws(seed: number | null, random: () => number): Draws {
  if (seed === null) return { next: random, of: random };
  let state = seed >>> 0;
  return {
    next() {
      state = (state + 0x9e3779b9) >>> 0;
      return mix(state) / 2 ** 32;
    },
    of: (text) => mix(hash(text) ^ mix(seed >>> 0)) / 2 ** 32,
  };
}

/** FNV-1a, 32 bits (RFC 9923), over UTF-16 code units. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}

/** MurmurHash3's finaliser: every input bit reaches every output bit. */
function mix(input: number): number {
  let value = input;
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** The point of a log-normal distribution given by its median and 95th percentile, at `draw` of 0 to 1. */
export function drawLatencyMs(latency: { readonly p50Ms: number; readonly p95Ms: number }, draw: number): number {
  if (latency.p50Ms <= 0) return 0;
  const sigma = Math.log(latency.p95Ms / latency.p50Ms) / 1.6448536269514722;
  return latency.p50Ms * Math.exp(sigma * normalQuantile(Math.min(Math.max(draw, 1e-6), 1 - 1e-6)));
}

/** Standard normal quantile, Tukey's lambda approximation (Shore 1982): good to 0.5 %, plenty for a simulation. */
function normalQuantile(probability: number): number {
  return (probability ** 0.1349 - (1 - probability) ** 0.1349) / 0.1975;
}
