/** Takes the candidates through everything, in turns, so that a busy moment of the machine hits all of them alike. */
import { median } from "../statistics.ts";
import { startCandidate } from "./candidate-client.ts";
import type { CandidateClient } from "./candidate-client.ts";
import type { Replies, TimedName } from "./candidate-process.ts";
import type { LoadFigures } from "./measure-load.ts";
import { workloads } from "./workloads.ts";

export interface CompareOptions {
  /** URLs of modules that export a `candidate`. */
  readonly modules: readonly string[];
  readonly names: readonly TimedName[];
  readonly rounds: number;
  /** Of one candidate in one round of one workload. */
  readonly sliceMs: number;
  /** Fresh processes that load 5,000 flags, per candidate; 0 leaves loading and bytes out. */
  readonly loads: number;
  readonly say: (text: string) => void;
}

export interface Comparison {
  readonly description: Replies["describe"];
  /** ns per operation, one number a round. */
  readonly ns: ReadonlyMap<TimedName, readonly number[]>;
  readonly bytes: ReadonlyMap<TimedName, number>;
  readonly load: LoadFigures | undefined;
}

interface Contestant {
  readonly module: string;
  readonly client: CandidateClient;
  readonly description: Replies["describe"];
  readonly ns: Map<TimedName, number[]>;
}

/** Throws when a candidate answers wrongly: a fast wrong answer is no figure. */
export async function compareCandidates(options: CompareOptions): Promise<Comparison[]> {
  const contestants: Contestant[] = [];
  try {
    for (const module of options.modules) contestants.push(await admit(module, options.say));
    for (const name of options.names) await timeInTurns(contestants, name, options);
  } finally {
    for (const { client } of contestants) client.stop();
  }
  const comparisons: Comparison[] = [];
  for (const { module, description, ns } of contestants) {
    const bytes = options.loads === 0 ? new Map<TimedName, number>() : await measureBytes(module, options);
    const load = options.loads === 0 ? undefined : await measureLoads(module, options.loads);
    if (options.loads > 0) options.say(`${description.name}: bytes and load taken`);
    comparisons.push({ description, ns, bytes, load });
  }
  return comparisons;
}

async function admit(module: string, say: CompareOptions["say"]): Promise<Contestant> {
  const client = startCandidate(module);
  const description = await client.ask({ type: "describe" });
  if (description.package !== "none") {
    const faults = await client.ask({ type: "check" });
    if (faults.length > 0) throw new Error(`${description.name} answers wrongly:\n${faults.join("\n")}`);
    say(`${description.name}: answers are right`);
  }
  return { module, client, description, ns: new Map() };
}

async function timeInTurns(
  contestants: readonly Contestant[],
  name: TimedName,
  options: CompareOptions,
): Promise<void> {
  const operations = new Map<Contestant, number>();
  for (const contestant of contestants)
    operations.set(contestant, await warmUp(contestant.client, name, options.sliceMs));
  for (let round = 0; round < options.rounds; round += 1) {
    // Another one begins each time.
    const order = contestants.map((_, place) => contestants[(place + round) % contestants.length]);
    for (const contestant of order) {
      if (contestant === undefined) continue;
      const timing = await contestant.client.ask({ type: "time", name, operations: operations.get(contestant) ?? 1 });
      judgeShare(contestant, name, timing.counted / timing.operations);
      contestant.ns.set(name, [...(contestant.ns.get(name) ?? []), timing.nsPerOperation]);
    }
  }
  options.say(`${name}: ${options.rounds} rounds`);
}

/** Runs until the compilers had their time, and says how many operations fill a slice. */
async function warmUp(client: CandidateClient, name: TimedName, sliceMs: number): Promise<number> {
  let operations = 16;
  for (let spentMs = 0; spentMs < 3 * sliceMs;) {
    const { nsPerOperation } = await client.ask({ type: "time", name, operations });
    const tookMs = (nsPerOperation * operations) / 1e6;
    spentMs += tookMs;
    operations = Math.max(16, Math.min(operations * 8, Math.round((operations * sliceMs) / tookMs)));
  }
  return operations;
}

function judgeShare({ description }: Contestant, name: TimedName, share: number): void {
  const expected = workloads.find((workload) => workload.name === name)?.share ?? 1;
  if (description.package !== "none" && Math.abs(share - expected) > 0.1) {
    throw new Error(`${description.name} counted ${share} of the answers of ${name}; ${expected} were expected.`);
  }
}

/** In a process whose young generation no run can fill, so that what was allocated can be read off the heap. */
async function measureBytes(
  module: string,
  { names, sliceMs }: Pick<CompareOptions, "names" | "sliceMs">,
): Promise<Map<TimedName, number>> {
  const client = startCandidate(module, ["--min-semi-space-size=128", "--max-semi-space-size=128"]);
  const bytes = new Map<TimedName, number>();
  try {
    for (const name of names) {
      await warmUp(client, name, Math.min(100, sliceMs));
      bytes.set(name, await client.ask({ type: "bytes", name }));
    }
  } finally {
    client.stop();
  }
  return bytes;
}

async function measureLoads(module: string, loads: number): Promise<LoadFigures> {
  const runs: LoadFigures[] = [];
  for (let run = 0; run < loads; run += 1) {
    const client = startCandidate(module);
    runs.push(await client.ask({ type: "load" }));
    client.stop();
  }
  const middle = (pick: (figures: LoadFigures) => number): number => median(runs.map(pick));
  return {
    wireBytes: middle(({ wireBytes }) => wireBytes),
    loadMs: middle(({ loadMs }) => loadMs),
    cpuMs: middle(({ cpuMs }) => cpuMs),
    heapBytes: middle(({ heapBytes }) => heapBytes),
    rssBytes: middle(({ rssBytes }) => rssBytes),
  };
}
