/** The tables of `npm run bench:flags`, and Dimmer's figures against what they must reach. */
import { formatNumber } from "../figure.ts";
import type { Figure } from "../figure.ts";
import { median } from "../statistics.ts";
import { renderTable } from "../table.ts";
import type { TimedName } from "./candidate-process.ts";
import type { Comparison } from "./compare.ts";
import type { EngineSize } from "./engine-size.ts";

/** How many times as fast as the fastest peer Dimmer must be. */
const mustBeFaster: Readonly<Record<TimedName, number>> = { W1: 3, W2: 3, W3: 3, W4: 3, W5: 8, W6: 3, W7: 6 };

/** Peers, and what is not one: Dimmer's own rows and the harness. */
export function isPeer({ description }: Comparison): boolean {
  return !description.package.startsWith("@dimmer/") && description.package !== "none";
}

/** Nanoseconds per operation: the median of the rounds, and how far the rounds lie apart. */
export function renderNanoseconds(comparisons: readonly Comparison[], names: readonly TimedName[]): string {
  return renderRows(comparisons, names, ({ ns }, name) => {
    const rounds = ns.get(name) ?? [];
    const middle = median(rounds);
    const spread = Math.round(((Math.max(...rounds) - Math.min(...rounds)) / 2 / middle) * 100);
    return rounds.length === 0 ? "" : `${formatNumber(middle)} ±${spread}%`;
  });
}

/** How many times the time of the fastest peer each candidate takes; below 1 is faster. */
export function renderRatios(comparisons: readonly Comparison[], names: readonly TimedName[]): string {
  return renderRows(comparisons, names, (comparison, name) => {
    const fastest = fastestPeer(comparisons, name);
    return fastest === undefined ? "" : formatNumber(ratio(comparison, fastest, name));
  });
}

export function renderBytes(comparisons: readonly Comparison[], names: readonly TimedName[]): string {
  return renderRows(comparisons, names, ({ bytes }, name) =>
    formatNumber(Math.max(0, Math.round(bytes.get(name) ?? 0))),
  );
}

export function renderLoads(comparisons: readonly Comparison[]): string {
  const rows = comparisons.flatMap(({ description, load }) =>
    load === undefined
      ? []
      : [
          [
            description.name,
            mebibytes(load.wireBytes),
            formatNumber(load.loadMs),
            formatNumber(load.cpuMs),
            mebibytes(load.heapBytes),
            mebibytes(load.rssBytes),
          ],
        ],
  );
  return renderTable(["", "wire MB", "load ms", "CPU ms", "heap MB", "RSS growth MB"], rows, [1, 2, 3, 4, 5]);
}

/** Of `dimmer`, the row named so, against the fastest of all peers. */
export function judgeFlags(
  comparisons: readonly Comparison[],
  names: readonly TimedName[],
  size: EngineSize,
): Figure[] {
  const dimmer = comparisons.find(({ description }) => description.name === "dimmer");
  const figures: Figure[] = [];
  for (const name of names) {
    const fastest = fastestPeer(comparisons, name);
    if (dimmer === undefined || fastest === undefined) continue;
    const rounds = ratios(fastest, dimmer, name);
    figures.push({
      part: "speed",
      name: `${name} against the fastest peer`,
      unit: "times",
      target: { atLeast: mustBeFaster[name] },
      reached: median(rounds),
      spread: [Math.min(...rounds), Math.max(...rounds)],
      remark: fastest.description.name,
    });
  }
  const read = names.filter((name) => name !== "W7").map((name) => dimmer?.bytes.get(name) ?? Number.NaN);
  const { load } = dimmer ?? {};
  return [
    ...figures,
    {
      part: "memory",
      name: "allocated per value read, the most of W1 to W6",
      unit: "bytes",
      target: { atMost: 16 },
      reached: Math.max(0, ...read),
    },
    { part: "load", name: "5,000 flags", unit: "ms", target: { atMost: 60 }, reached: load?.loadMs ?? Number.NaN },
    {
      part: "load",
      name: "heap kept by 5,000 flags",
      unit: "MB",
      target: { atMost: 10 },
      reached: (load?.heapBytes ?? Number.NaN) / 2 ** 20,
    },
    {
      part: "size",
      name: "engine, minified and gzipped",
      unit: "kB",
      target: { atMost: 12 },
      reached: size.entryBytes / 1000,
    },
    { part: "size", name: "with its other entries", unit: "kB", reached: size.wholeBytes / 1000 },
  ];
}

function fastestPeer(comparisons: readonly Comparison[], name: TimedName): Comparison | undefined {
  const timed = comparisons.filter((comparison) => isPeer(comparison) && comparison.ns.has(name));
  return timed.toSorted((a, b) => median(a.ns.get(name) ?? []) - median(b.ns.get(name) ?? []))[0];
}

/** The median of the rounds' ratios: rounds that were noisy for both count little. */
function ratio(slow: Comparison, fast: Comparison, name: TimedName): number {
  return median(ratios(slow, fast, name));
}

function ratios(slow: Comparison, fast: Comparison, name: TimedName): number[] {
  const divisors = fast.ns.get(name) ?? [];
  return (slow.ns.get(name) ?? []).map((ns, round) => ns / (divisors[round] ?? Number.NaN));
}

function renderRows(
  comparisons: readonly Comparison[],
  names: readonly TimedName[],
  cell: (comparison: Comparison, name: TimedName) => string,
): string {
  const rows = comparisons.map((comparison) => [
    comparison.description.name,
    ...names.map((name) => cell(comparison, name)),
  ]);
  return renderTable(
    ["", ...names],
    rows,
    names.map((_, index) => index + 1),
  );
}

function mebibytes(bytes: number): string {
  return formatNumber(bytes / 2 ** 20);
}
