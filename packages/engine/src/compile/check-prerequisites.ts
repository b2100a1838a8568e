/** Checks what flags need of each other: that it exists, can be on, runs in no circle, and is not too much. */
import type { FlagSource } from "../compiled-flag-set.ts";
import { pointerTo, type FaultList } from "../fault.ts";
import { limits } from "../limits.ts";

type Sources = ReadonlyMap<string, FlagSource>;

export function checkPrerequisites(sources: Sources, faults: FaultList): void {
  for (const source of sources.values()) {
    source.prerequisites.forEach((needed, index) => {
      const pointer = pointerTo(pointerTo(source.pointer, "prerequisites"), index);
      const parent = sources.get(needed);
      if (parent === undefined) {
        faults.add(pointer, "There is no flag with this key.", "Correct the key, or add the flag.", needed);
      } else if (parent.onVariants.length === 0 && parent.variants.size > 0) {
        faults.add(pointer, `'${needed}' can never be on: it has no on-variant.`, `Declare 'onVariants' on '${needed}'.`, needed);
      }
    });
  }
  const { circles, order } = sortByNeed(sources);
  for (const circle of circles) {
    const [first = ""] = circle;
    const pointer = pointerTo(pointerTo("/flags", first), "prerequisites");
    faults.add(pointer, `Flags need each other in a circle: ${[...circle, first].join(" → ")}.`, "Remove one of these prerequisites.");
  }
  if (circles.length === 0) checkCounts(order, sources, faults);
}

/** Flags in an order in which each comes after those it needs, and every circle that prevents one. */
function sortByNeed(sources: Sources): { readonly circles: readonly (readonly string[])[]; readonly order: readonly FlagSource[] } {
  const circles: string[][] = [];
  const order: FlagSource[] = [];
  const finished = new Set<string>();
  for (const root of sources.values()) {
    if (root.prerequisites.length === 0) continue;
    // Walked with a list of our own, because a chain of 20,000 flags would overflow the call stack.
    const path: { readonly source: FlagSource; next: number }[] = [{ source: root, next: 0 }];
    const onPath = new Set([root.key]);
    while (!finished.has(root.key)) {
      const step = path.at(-1);
      if (step === undefined) break;
      const needed = step.source.prerequisites[step.next];
      step.next += 1;
      if (needed === undefined) {
        path.pop();
        onPath.delete(step.source.key);
        finished.add(step.source.key);
        order.push(step.source);
      } else if (onPath.has(needed)) {
        const keys = path.map(({ source }) => source.key);
        circles.push(keys.slice(keys.indexOf(needed)));
      } else if (!finished.has(needed)) {
        const source = sources.get(needed);
        if (source === undefined) continue;
        path.push({ source, next: 0 });
        onPath.add(needed);
      }
    }
  }
  return { circles, order };
}

function checkCounts(order: readonly FlagSource[], sources: Sources, faults: FaultList): void {
  const needs = new Map<string, ReadonlySet<string>>();
  for (const source of order) {
    if (source.prerequisites.length === 0) continue;
    const all = new Set<string>();
    for (const needed of source.prerequisites) {
      if (!sources.has(needed)) continue;
      all.add(needed);
      needs.get(needed)?.forEach((key) => all.add(key));
      if (all.size > limits.prerequisites) break;
    }
    if (all.size > limits.prerequisites) {
      const pointer = pointerTo(source.pointer, "prerequisites");
      faults.add(pointer, `This flag needs more than ${limits.prerequisites} others, counting what they need.`, "Group them behind one master flag.");
    }
    needs.set(source.key, all);
  }
}
