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
      const message = `This flag needs more than ${limits.prerequisites} others, counting what they need.`;
      faults.add(pointer, message, "Group them behind one master flag.");
    }
    if (!needed.has(source) || told.has(source)) continue;
    const circle = circleOf(source, needed);
    circle.forEach((member) => told.add(member));
    const path = [...circle.map(({ key }) => key).slice(0, maxTold), source.key].join(" → ");
    faults.add(pointer, `Flags need each other in a circle: ${path}.`, "Remove one of these prerequisites.");
  }
}

/** How many flags of a circle are worth telling. */
const maxTold = 10;

function checkOne(needed: FlagSource | undefined, key: string, pointer: string, faults: FaultList): void {
  if (needed === undefined) {
    faults.add(pointer, "There is no flag with this key.", "Correct the key, or add the flag.", key);
  } else if (needed.onVariants.length === 0 && needed.variants.size > 0) {
    const message = `'${key}' can never be on: it has no on-variant.`;
    faults.add(pointer, message, `Declare 'onVariants' on '${key}'.`, key);
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
