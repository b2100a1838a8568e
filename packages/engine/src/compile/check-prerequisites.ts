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
        faults.add(
          pointer,
          `'${needed}' can never be on: it has no on-variant.`,
          `Declare 'onVariants' on '${needed}'.`,
          needed,
        );
      }
    });
  }
  const { circles, order } = sortByNeed(sources);
  for (const circle of circles) {
    const [first = ""] = circle;
    const pointer = pointerTo(pointerTo("/flags", first), "prerequisites");
    faults.add(
      pointer,
      `Flags need each other in a circle: ${[...circle, first].join(" → ")}.`,
      "Remove one of these prerequisites.",
    );
  }
  if (circles.length === 0) checkCounts(order, sources, faults);
}

/** How many circles are worth telling, and how many flags of one. */
const maxCircles = 100;
const maxTold = 10;

interface Order {
  readonly circles: readonly (readonly string[])[];
  /** Flags that need others, each after those it needs. */
  readonly order: readonly FlagSource[];
}

/** A flag on the way down, and which of its prerequisites is looked at next. */
interface Step {
  readonly source: FlagSource;
  next: number;
}

/** Sorts by need, or finds the circles that make it impossible. */
function sortByNeed(sources: Sources): Order {
  const circles: string[][] = [];
  const order: FlagSource[] = [];
  const finished = new Set<string>();
  // Depth first, with a list of our own, because a chain of 20,000 flags would overflow the call stack.
  const path: Step[] = [];
  const onPath = new Set<string>();

  const enter = (source: FlagSource | undefined): void => {
    if (source === undefined) return;
    path.push({ source, next: 0 });
    onPath.add(source.key);
  };
  const leave = ({ source }: Step): void => {
    path.pop();
    onPath.delete(source.key);
    finished.add(source.key);
    order.push(source);
  };
  const tell = (key: string): void => {
    const from = path.findIndex(({ source }) => source.key === key);
    if (circles.length < maxCircles) circles.push(path.slice(from, from + maxTold).map(({ source }) => source.key));
  };

  for (const root of sources.values()) {
    if (root.prerequisites.length > 0 && !finished.has(root.key)) enter(root);
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const key = step.source.prerequisites[step.next];
      step.next += 1;
      if (key === undefined) leave(step);
      else if (onPath.has(key)) tell(key);
      else if (!finished.has(key)) enter(sources.get(key));
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
      faults.add(
        pointer,
        `This flag needs more than ${limits.prerequisites} others, counting what they need.`,
        "Group them behind one master flag.",
      );
    }
    needs.set(source.key, all);
  }
}
