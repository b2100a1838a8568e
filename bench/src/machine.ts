/** What the numbers were taken on. They mean little without it. */
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from "node:os";

export interface Machine {
  readonly node: string;
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGib: number;
  /** Over the last minute: above 0 before a bench starts, somebody else is at work too. */
  readonly load: number;
  readonly at: string;
}

export function describeMachine(): Machine {
  return {
    node: process.version,
    system: `${platform()} ${release()} ${arch()}`,
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGib: Math.round(totalmem() / 2 ** 30),
    load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    at: new Date().toISOString(),
  };
}

export function renderMachine({ node, system, processor, cores, memoryGib, load, at }: Machine): string {
  return `Node ${node}, ${system}, ${cores} cores of ${processor}, ${memoryGib} GiB, load ${load}, ${at}`;
}
