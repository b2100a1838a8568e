/** What a change of one flag would do, in words, before it is made. Pure. */
import type { FlagValue, FlagView, Strategy } from "@dimmer/spec";
import { formatWeight } from "../ui/number-format.ts";

/** A change as the page offers it; the words of `@dimmer/spec`'s edits. */
export type FlagChange =
  | { readonly type: "serve"; readonly value: FlagValue }
  | { readonly type: "expose"; readonly percentage: number };

export interface FlagEffect {
  readonly from: string;
  readonly to: string;
  /** What else it means: what is lost, what keeps it from acting. */
  readonly notes: readonly string[];
}

/** The effect of `change` on `view`, given the other flags of the environment. */
export function describeEffect(view: FlagView, change: FlagChange, others: readonly FlagView[]): FlagEffect {
  return {
    from: view.value === undefined ? view.exposure : `${view.exposure} to everyone`,
    to: describeChange(view, change),
    notes: [...notesOnStrategy(view, change), ...notesOnPrerequisites(view, change, others), ...notesOnActing(view)],
  };
}

function notesOnStrategy({ definition: { strategy } }: FlagView, change: FlagChange): string[] {
  const kept = change.type === "expose" ? ["Users keep their side: raising the share drops nobody."] : [];
  if (strategy === undefined || (change.type === "expose" && strategy.type === "percentage")) return kept;
  return [
    `Its strategy (${describeStrategy(strategy)}) is ${change.type === "serve" ? "dropped" : "replaced"}.`,
    ...kept,
  ];
}

function notesOnPrerequisites(
  { key, definition }: FlagView,
  change: FlagChange,
  others: readonly FlagView[],
): string[] {
  const missing = (definition.prerequisites ?? []).filter(
    (parent) => !isOnForSome(others.find((other) => other.key === parent)),
  );
  const dependents = others.filter((other) => other.definition.prerequisites?.includes(key) === true);
  const isTurnedOff = change.type === "serve" && change.value === false;
  return [
    ...(missing.length === 0
      ? []
      : [`It stays off all the same until ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} on.`]),
    ...(isTurnedOff && dependents.length > 0
      ? [`Off with it: ${dependents.map((other) => other.key).join(", ")}.`]
      : []),
  ];
}

function notesOnActing({ killed, inert }: FlagView): string[] {
  return [
    ...(killed ? ["It is killed: it serves its safe variant until it is revived."] : []),
    ...(inert === undefined ? [] : [`Nothing acts on it yet: ${inert}.`]),
  ];
}

/** A strategy in a few words. */
export function describeStrategy(strategy: Strategy): string {
  switch (strategy.type) {
    case "all-at-once":
      return "everyone at once";
    case "percentage":
      return `${formatWeight(strategy.percentage)} of users`;
    case "progressive":
      return strategy.end === undefined
        ? "a ramp without dates"
        : `a ramp until ${strategy.end.slice(0, 16).replace("T", " ")}`;
    case "canary":
      return "named users, regions or attributes first";
  }
}

/** A value as a person writes it. */
export function formatValue(value: FlagValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The value a percentage exposes: the first variant that counts as on. */
export function onValue({ definition }: FlagView): FlagValue | undefined {
  const name =
    definition.onVariants?.[0] ?? Object.entries(definition.variants).find(([, value]) => value === true)?.[0];
  return name === undefined ? undefined : definition.variants[name];
}

function describeChange(view: FlagView, change: FlagChange): string {
  if (change.type === "serve") return `${formatValue(change.value)} to everyone`;
  const value = onValue(view);
  return `${value === undefined ? "on" : formatValue(value)} to ${formatWeight(change.percentage)} of users`;
}

/** Whether a flag is on for anybody; one whose value depends on the context may be. */
function isOnForSome(view: FlagView | undefined): boolean {
  if (view === undefined || view.killed) return false;
  if (view.value === undefined) return true;
  const { onVariants, variants } = view.definition;
  if (onVariants === undefined) return view.value === true;
  return onVariants.some((name) => variants[name] === view.value);
}
