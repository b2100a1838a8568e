/**
 * `npm run bench:flags`: Dimmer's flags beside other SDKs, each in a process of its own.
 *
 *   npm run bench:flags                    everything, a few minutes
 *   npm run bench:flags -- --json          one JSON document on stdout, the rest on stderr
 *   npm run bench:flags -- --quick         short rounds, to see that everything works
 *   npm run bench:flags -- flagd unleash   Dimmer beside the peers whose file names contain these words
 */
import { readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { isMet, renderFigures } from "../figure.ts";
import { describeMachine, renderMachine } from "../machine.ts";
import type { TimedName } from "./candidate-process.ts";
import { compareCandidates } from "./compare.ts";
import type { Comparison } from "./compare.ts";
import { measureEngineSize } from "./engine-size.ts";
import { isPeer, judgeFlags, renderBytes, renderLoads, renderNanoseconds, renderRatios } from "./report.ts";
import { workloads } from "./workloads.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false }, quick: { type: "boolean", default: false } },
});
const peers = new URL("../../peers/", import.meta.url);
const names: readonly TimedName[] = ["W1", "W2", "W3", "W4", "W5", "W6", "W7"];
const isWanted = (file: string): boolean => positionals.length === 0 || positionals.some((word) => file.includes(word));

const machine = describeMachine();
console.error(renderMachine(machine));
const comparisons = await compareCandidates({
  modules: [
    ...["dimmer-sdk.ts", "dimmer-engine.ts"].map((file) => new URL(file, import.meta.url).href),
    ...readdirSync(peers)
      .filter((file) => file.endsWith(".mjs") && isWanted(file))
      .map((file) => new URL(file, peers).href),
    new URL("floor.ts", import.meta.url).href,
  ],
  names,
  rounds: values.quick ? 2 : 7,
  sliceMs: values.quick ? 20 : 120,
  loads: values.quick ? 1 : 3,
  say: (text) => console.error(text),
});
const size = await measureEngineSize();
const figures = judgeFlags(comparisons, names, size);

if (values.json) console.log(JSON.stringify(toJson(), null, 2));
else print();

function toJson(): object {
  return {
    machine,
    candidates: comparisons.map(({ description, ns, bytes, load }) => ({
      ...description,
      ns: Object.fromEntries(ns),
      bytes: Object.fromEntries(bytes),
      load,
    })),
    engineSize: size,
    figures: figures.map((figure) => ({ ...figure, isMet: isMet(figure) })),
    missed: figures.filter((figure) => isMet(figure) === false).map(({ name }) => name),
  };
}

function print(): void {
  const sdks = comparisons.filter((comparison) => comparison.description.package !== "none");
  const remarks = sdks.filter(({ description }) => description.remark !== undefined);
  const inOrder = [...sdks.filter((comparison) => !isPeer(comparison)), ...byTotal(sdks.filter(isPeer))];
  const rows = [...inOrder, ...comparisons.filter((comparison) => !inOrder.includes(comparison))];
  const sections = [
    [
      "Asked",
      [
        ...workloads.map(({ name, summary }) => `${name} ${summary}`),
        "W7 all 200 flags of a mixed set for one user",
      ].join("\n"),
    ],
    [
      "Nanoseconds of the asking thread per operation, median of the rounds (half their range)",
      renderNanoseconds(rows, names),
    ],
    ["Times as long as the fastest peer", renderRatios(inOrder, names)],
    ["Bytes allocated on the JavaScript heap per operation", renderBytes(inOrder, names)],
    ["5,000 flags: from the text a server would send to ready, and what stays", renderLoads(inOrder)],
    ["Remarks", remarks.map(({ description }) => `${description.name}: ${description.remark}`).join("\n")],
    ["What Dimmer must reach", renderFigures(figures)],
  ];
  console.log(sections.map(([title, body]) => `${title}\n\n${body}`).join("\n\n"));
}

/** The fastest first, by the mean of the ratios. */
function byTotal(peerRows: readonly Comparison[]): Comparison[] {
  const total = ({ ns }: Comparison): number =>
    names.reduce((sum, name) => sum + Math.log(Math.min(...(ns.get(name) ?? [1]))), 0);
  return peerRows.toSorted((a, b) => total(a) - total(b));
}
