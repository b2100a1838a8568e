/** The timed loops. They count answers, so that none can be optimised away, and garbage collection is part of the time. */
import { askFlag } from "./check-answers.ts";
import type { LoadedFlags } from "./candidate.ts";
import type { Answer } from "./neutral-flag.ts";
import { mixedFlags, users, workloads } from "./workloads.ts";
import type { WorkloadName } from "./workloads.ts";

/** Asks `operations` times and says how many answers were the counted one; W7 counts users. */
export type Exercise = (operations: number) => Promise<number>;

export interface Timing {
  readonly operations: number;
  readonly nsPerOperation: number;
  readonly counted: number;
}

/** Makes what is asked before anything is timed. */
export function createExercise(loaded: LoadedFlags, name: WorkloadName | "W7", isAsync: boolean): Exercise {
  if (name === "W7") return exerciseAll(loaded, isAsync);
  const workload = workloads.find((candidate) => candidate.name === name);
  if (workload === undefined) throw new Error(`There is no workload ${name}.`);
  const contexts = workload.users.map((user) => loaded.context(user));
  const keys = workload.flags.map(({ key }) => key);
  const { counted } = workload;
  const isSplit = workload.flags[0]?.type === "split";
  if (isAsync) {
    const ask: Ask = isSplit ? (key, user) => loaded.string(key, user) : (key, user) => loaded.boolean(key, user);
    return (operations) => countAwaited(ask, counted, { keys, contexts }, operations);
  }
  // Compared in here, where each way has its own kind of value and so its own compiled comparison.
  const isCounted: IsCounted = isSplit
    ? (key, user) => loaded.string(key, user) === counted
    : (key, user) => loaded.boolean(key, user) === counted;
  return (operations) => Promise.resolve(count(isCounted, { keys, contexts }, operations));
}

/** Lets the call sites inside the candidate see every kind of flag before one kind is timed. */
export async function warmUpMixed(loaded: LoadedFlags, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const user = users[round % users.length];
    if (user === undefined) return;
    const context = loaded.context(user);
    for (const flag of mixedFlags) await askFlag(loaded, flag, context);
  }
}

export async function time(exercise: Exercise, operations: number): Promise<Timing> {
  globalThis.gc?.();
  const start = nowNs();
  const counted = await exercise(operations);
  return { operations, nsPerOperation: (nowNs() - start) / operations, counted };
}

/**
 * CPU time of the thread that asks: on an idle machine the time on the wall, and on a busy one still what was asked
 * for. Windows counts it in steps of 15 ms, which is too coarse.
 */
function nowNs(): number {
  if (process.platform === "win32") return Number(process.hrtime.bigint());
  const { user, system } = process.threadCpuUsage();
  return (user + system) * 1000;
}

/** Bytes allocated per operation; needs --expose-gc and a young generation no run can fill. */
export async function measureBytes(exercise: Exercise): Promise<number> {
  const runBytes = 8 * 1024 * 1024;
  let operations = 8;
  for (;;) {
    const bytes = await allocatedBy(exercise, operations);
    if (bytes * 4 > runBytes || operations > 100_000) break;
    operations *= 4;
  }
  const runs: number[] = [];
  for (let run = 0; run < 5; run += 1) runs.push((await allocatedBy(exercise, operations)) / operations);
  return runs.toSorted((a, b) => a - b)[2] ?? 0;
}

async function allocatedBy(exercise: Exercise, operations: number): Promise<number> {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  await exercise(operations);
  return process.memoryUsage().heapUsed - before;
}

type Ask = (key: string, context: unknown) => Answer | Promise<Answer>;
type IsCounted = (key: string, context: unknown) => boolean;

interface Questions {
  readonly keys: readonly string[];
  readonly contexts: readonly unknown[];
}

function count(isCounted: IsCounted, { keys, contexts }: Questions, operations: number): number {
  let matches = 0;
  for (let index = 0, key = 0, user = 0; index < operations; index += 1) {
    if (isCounted(keys[key] ?? "", contexts[user])) matches += 1;
    key = key + 1 === keys.length ? 0 : key + 1;
    user = user + 1 === contexts.length ? 0 : user + 1;
  }
  return matches;
}

async function countAwaited(
  ask: Ask,
  counted: Answer,
  { keys, contexts }: Questions,
  operations: number,
): Promise<number> {
  let matches = 0;
  for (let index = 0, key = 0, user = 0; index < operations; index += 1) {
    if ((await ask(keys[key] ?? "", contexts[user])) === counted) matches += 1;
    key = key + 1 === keys.length ? 0 : key + 1;
    user = user + 1 === contexts.length ? 0 : user + 1;
  }
  return matches;
}

function exerciseAll(loaded: LoadedFlags, isAsync: boolean): Exercise {
  const contexts = users.slice(0, 1_000).map((user) => loaded.context(user));
  return async (operations) => {
    let matches = 0;
    for (let index = 0; index < operations; index += 1) {
      const all = loaded.all(mixedFlags, contexts[index % contexts.length]);
      if ((isAsync ? await all : all) !== undefined) matches += 1;
    }
    return matches;
  };
}
