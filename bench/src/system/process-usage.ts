/** What a process uses, as Linux tells it; undefined on systems that have no /proc. */
import { readdirSync, readFileSync } from "node:fs";

/** CPU time so far, in ticks of 10 ms, user and system together. */
export function cpuMs(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // The second field is the program's name in brackets, and may hold anything.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields?.[11]) + Number(fields?.[12]);
  return Number.isFinite(ticks) ? ticks * 10 : undefined;
}

/** Memory in RAM, shared pages included. */
export function residentMib(pid: number): number | undefined {
  const kib = /VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`) ?? "")?.[1];
  return kib === undefined ? undefined : Number(kib) / 1024;
}

/** Direct children, with their command lines. */
export function childrenOf(pid: number): { readonly pid: number; readonly commandLine: string }[] {
  return list("/proc")
    .map(Number)
    .filter((other) => Number.isInteger(other) && other > 0 && parentOf(other) === pid)
    .map((child) => ({ pid: child, commandLine: (read(`/proc/${child}/cmdline`) ?? "").replaceAll("\0", " ").trim() }));
}

function parentOf(pid: number): number | undefined {
  const parent = /PPid:\s+(\d+)/.exec(read(`/proc/${pid}/status`) ?? "")?.[1];
  return parent === undefined ? undefined : Number(parent);
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
