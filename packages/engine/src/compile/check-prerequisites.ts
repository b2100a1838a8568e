/** Checks what flags need of each other: that it exists, can be on, runs in no circle, and is not too much. */
import type { FlagSource } from "../compiled-flag-set.ts";
import { pointerTo, type FaultList } from "../fault.ts";
import { limits } from "../limits.ts";
import { neededBy } from "./needed-by.ts";

type Sources = ReadonlyMap<string, FlagSource>;

export function checkPrerequisites(sources: Sources, faults: FaultList): void {
  const told = new Set<FlagSource>();
  for (const source of sources.values()) {
    if (source.prerequisites.length === 0) continue;
    const pointer = pointerTo(source.pointer, "prerequisites");
    source.prerequisites.forEach((key, index) => checkOne(sources.get(key), key, pointerTo(pointer, index), faults));
    const needed = neededBy(source, sources);
    if (Math.max(needed.size, source.prerequisites.length) > limits.prerequisites) {
      faults.add(pointer, "needs-too-many");
    }
    if (!needed.has(source) || told.has(source)) continue;
    const circle = circleOf(source, needed);
    circle.forEach((member) => told.add(member));
    const path = [...circle.map(({ key }) => key).slice(0, maxTold), source.key];
    faults.add(pointer, "circle", undefined, ...path);
  }
}

/** How many flags of a circle are worth telling. */
const maxTold = 10;

function checkOne(needed: FlagSource | undefined, key: string, pointer: string, faults: FaultList): void {
  if (needed === undefined) {
    faults.add(pointer, "unknown-flag", key);
  } else if (needed.onVariants.length === 0 && needed.variants.size > 0) {
    faults.add(pointer, "never-on", key);
  }
}

/** The circle a flag is in, told from that flag on. */
function circleOf(source: FlagSource, needed: ReadonlyMap<FlagSource, FlagSource>): readonly FlagSource[] {
  const circle: FlagSource[] = [source];
  for (let from = needed.get(source); from !== undefined && from !== source; from = needed.get(from)) {
    circle.splice(1, 0, from);
  }
  return circle;
}
