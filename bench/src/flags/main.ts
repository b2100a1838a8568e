/** `npm run bench:flags`: Dimmer's flags beside other SDKs, each in a process of its own, and its protocols. */
import { readdirSync } from "node:fs";
import { readArgumentsOrExit } from "../arguments.ts";
import { isMet, renderFigures } from "../figure.ts";
import { describeMachine, renderMachine } from "../machine.ts";
import { measureProtocols } from "../protocols/part.ts";
import type { TimedName } from "./candidate-process.ts";
import { compareCandidates } from "./compare.ts";
import type { Comparison } from "./compare.ts";
import { measureEngineSize } from "./engine-size.ts";
import { isPeer, judgeFlags, renderBytes, renderLoads, renderNanoseconds, renderRatios } from "./report.ts";
import { workloads } from "./workloads.ts";

const peers = new URL("../../peers/", import.meta.url);
const peerFiles = readdirSync(peers).filter((file) => file.endsWith(".mjs"));
const peerNames = peerFiles.map((file) => file.slice(0, -".mjs".length));
const names: readonly TimedName[] = ["W1", "W2", "W3", "W4", "W5", "W6", "W7"];
/** The word that is no peer. */
const protocols = "protocols";

const usage = `npm run bench:flags -- [word ...] [--json] [--quick]

  words     beside the peers whose names contain one: ${peerNames.join(", ")};
            ${protocols}: OFREP, flagd and event streams; without any word all of it, in some eight minutes
  --json    one JSON document on stdout, the rest on stderr
  --quick   short rounds, to see that everything works`;

const { words, isJson, isQuick } = readArgumentsOrExit(usage, {
  isKnown: (word) => word === protocols || peerNames.some((name) => name.includes(word)),
  known: [...peerNames, protocols],
});
const peerWords = words.filter((word) => word !== protocols);
const isWanted = (file: string): boolean => words.length === 0 || peerWords.some((word) => file.includes(word));
const say = (text: string): void => console.error(text);

const machine = describeMachine();
say(renderMachine(machine));
const isCompared = words.length === 0 || peerWords.length > 0;
const comparisons = isCompared ? await compareAll() : [];
const size = isCompared ? await measureEngineSize() : undefined;
const isServed = words.length === 0 || words.includes(protocols);
const figures = [
  ...(size === undefined ? [] : judgeFlags(comparisons, names, size)),
  ...(isServed ? await measureProtocols({ isQuick, say }) : []),
];

if (isJson) console.log(JSON.stringify(toJson(), null, 2));
else print();

async function compareAll(): Promise<Comparison[]> {
  return await compareCandidates({
    modules: [
      ...["dimmer-sdk.ts", "dimmer-engine.ts"].map((file) => new URL(file, import.meta.url).href),
      ...peerFiles.filter(isWanted).map((file) => new URL(file, peers).href),
      new URL("floor.ts", import.meta.url).href,
    ],
    names,
    rounds: isQuick ? 2 : 7,
    sliceMs: isQuick ? 20 : 120,
    loads: isQuick ? 1 : 3,
    say,
  });
}

function toJson(): object {
  return {
    machine,
    candidates: comparisons.map(({ description, ns, bytes, load }) => ({
      ...description,
      ns: Object.fromEntries(ns),
      bytes: Object.fromEntries(bytes),
      load,
    })),
    ...(size === undefined ? {} : { engineSize: size }),
    figures: figures.map((figure) => ({ ...figure, isMet: isMet(figure) })),
    missed: figures.filter((figure) => isMet(figure) === false).map(({ name }) => name),
  };
}

function print(): void {
  const sdks = comparisons.filter((comparison) => comparison.description.package !== "none");
  const remarks = sdks.filter(({ description }) => description.remark !== undefined);
  const inOrder = [...sdks.filter((comparison) => !isPeer(comparison)), ...byTotal(sdks.filter(isPeer))];
  const rows = [...inOrder, ...comparisons.filter((comparison) => !inOrder.includes(comparison))];
  const compared: [title: string, body: string][] = [
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
  ];
  const served: [title: string, body: string] = [
    "Protocols, as a `dimmer server` with 200 flags answers them",
    [
      "ofrep: the same request to Dimmer and to a bare Fastify route that answers the same bytes as a constant",
      "followers: from sending a change to the control plane until the last of 1,000 subscribers has it whole; the p99",
      "is that of the changes, each of which counts with its slowest subscriber",
    ].join("\n"),
  ];
  const sections = [
    ...(isCompared ? compared : []),
    ...(isServed ? [served] : []),
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
