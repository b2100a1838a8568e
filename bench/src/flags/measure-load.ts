/** W8: 5,000 mixed flags, from the text a server would send to the first answer, and what stays in memory. */
import type { Candidate, LoadedFlags } from "./candidate.ts";
import { writeWireFile } from "./wire-file.ts";
import { drawMixedFlags, users } from "./workloads.ts";

export interface LoadFigures {
  readonly wireBytes: number;
  /** On the wall: some load on other threads, or wait for themselves. */
  readonly loadMs: number;
  /** CPU time of all threads meanwhile, which a busy machine does not stretch. */
  readonly cpuMs: number;
  readonly heapBytes: number;
  /** Growth of the whole process: rough, but it sees native code too. */
  readonly rssBytes: number;
}

/** Once per process: the first load of a few flags pays for what starts lazily, the second is measured. */
export async function measureLoad(candidate: Candidate): Promise<LoadFigures> {
  const small = await candidate.load(writeWireFile(candidate.write(drawMixedFlags(40))));
  await small.close();
  const wire = writeWireFile(candidate.write(drawMixedFlags(5_000)));
  const before = memory();
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const loaded: LoadedFlags = await candidate.load(wire);
  const loadMs = performance.now() - startedAt;
  const cpu = process.cpuUsage(cpuBefore);
  const after = memory();
  const user = users[0];
  // Also keeps what was loaded alive until memory has been read.
  if (user === undefined || (await loaded.boolean("mixed.flag-0", loaded.context(user))) !== true) {
    throw new Error(`${candidate.name} does not answer after loading.`);
  }
  return {
    wireBytes: Buffer.byteLength(wire.text),
    loadMs,
    cpuMs: (cpu.user + cpu.system) / 1000,
    heapBytes: after.heapUsed - before.heapUsed,
    rssBytes: after.rss - before.rss,
  };
}

function memory(): NodeJS.MemoryUsage {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage();
}
