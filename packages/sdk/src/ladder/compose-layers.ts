/**
 * Lays flag sets over one another, flag by flag, and compiles the result once, so that a flag of one store may need a
 * flag of another. Pure: the outcome depends only on what the layers hold, not on who came first. A layer that does not
 * fit on those below it is left out, or stands with its last good set; it never holds up a layer below.
 */
import { compile } from "@dimmer/engine";
import type { CompiledFlagSet } from "@dimmer/engine";
import { describeFault } from "@dimmer/engine/faults";
import type { FlagDefinitions } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { parseKillSwitchKey } from "@dimmer/spec/kill-set";
import { compileDefinitions } from "../compile-definitions.ts";
import type { SetFault } from "./describe-faults.ts";
import type { FlagsByKey, PreparedSet, SetContent } from "./prepared-set.ts";

/** One store's part. */
export interface Layer {
  readonly name: string;
  /** What the store says now. */
  readonly candidate: PreparedSet | undefined;
  /** What is served of it; stands in when the candidate has faults. */
  readonly lastGood: PreparedSet | undefined;
}

/** What became of one layer. */
export interface LayerOutcome {
  /** What is served of it now; undefined: nothing. */
  readonly used: PreparedSet | undefined;
  /** Why the candidate is not what is used. */
  readonly faults: readonly SetFault[];
  /** What is odd about what is used, but served. */
  readonly warnings: readonly SetFault[];
}

/** The flags one layer brings. */
export interface ServedLayer {
  readonly name: string;
  readonly flags: FlagsByKey;
}

export interface Composition {
  readonly compiled: CompiledFlagSet;
  /** The layers that are served, highest precedence first; a flag comes from the first that has it, or from the definitions. */
  readonly layers: readonly ServedLayer[];
  readonly outcomes: ReadonlyMap<string, LayerOutcome>;
  /** The flags as they were compiled, for finding out what a change has changed. */
  readonly flags: FlagsByKey;
}

/** What lies below a layer. */
export interface Stack {
  readonly flags: FlagsByKey;
  readonly evaluators: ReadonlyMap<string, unknown>;
  readonly bucketing: string | undefined;
  readonly layers: readonly ServedLayer[];
}

/** Finds what is wrong with a set's keys besides what the engine finds: see OverrideSource.check. */
export type CheckKeys = (keys: Iterable<string>) => readonly SetFault[];

/** What came of laying a set over what was below it then: compiling is nearly all that a change costs. */
export type LaidContents = WeakMap<SetContent, { readonly below: Stack; readonly laid: Laid }>;

/**
 * Composes; `layers` are in the order of precedence, highest first. What `known` holds is not compiled again, which
 * changes nothing but the time it takes.
 */
export function composeLayers(
  base: Stack,
  layers: readonly Layer[],
  checkKeys: CheckKeys,
  known: LaidContents = new WeakMap(),
): Composition {
  let stack = base;
  let compiled: CompiledFlagSet | undefined;
  const outcomes = new Map<string, LayerOutcome>();
  for (const layer of layers.toReversed()) {
    const faults: SetFault[] = [];
    const options = [layer.candidate, layer.lastGood].filter(
      (set, index, all) => set !== undefined && all.indexOf(set) === index,
    );
    let outcome: LayerOutcome = { used: undefined, faults, warnings: [] };
    for (const set of options) {
      if (set === undefined) continue;
      const before = known.get(set.content);
      const laid = before?.below === stack ? before.laid : layOver(stack, layer.name, set.content, checkKeys);
      known.set(set.content, { below: stack, laid });
      if (laid.ok) {
        ({ stack, compiled } = laid);
        outcome = { used: set, faults, warnings: laid.warnings };
        break;
      }
      if (set === layer.candidate) faults.push(...laid.faults);
    }
    outcomes.set(layer.name, outcome);
  }
  return { compiled: compiled ?? compileStack(stack), layers: stack.layers, outcomes, flags: stack.flags };
}

/** What is served when no store knows a flag: its safe variant, to everyone. Throws `flag_set_invalid` for definitions with faults. */
export function definitionsStack(definitions: FlagDefinitions = { flags: {} }): Stack {
  const compiled = compileDefinitions(definitions);
  const flags = Object.entries(definitions.flags).map(([key, flag]) => {
    const { strategy: _strategy, targeting: _targeting, prerequisites: _prerequisites, ...rest } = flag;
    // The engine knows which variant is safe where a flag does not say it.
    return [key, { ...rest, defaultVariant: compiled.flags.get(key)?.safeVariant ?? null }] as const;
  });
  return { flags: Object.fromEntries(flags), evaluators: new Map(), bucketing: undefined, layers: [] };
}

type Laid =
  | {
      readonly ok: true;
      readonly stack: Stack;
      readonly compiled: CompiledFlagSet;
      readonly warnings: readonly SetFault[];
    }
  | { readonly ok: false; readonly faults: readonly SetFault[] };

function layOver(below: Stack, name: string, set: SetContent, checkKeys: CheckKeys): Laid {
  const faults = [...findConflicts(below, set), ...checkKeys(Object.keys(set.flags))];
  if (faults.length > 0) return { ok: false, faults };
  const { flags } = set;
  const stack: Stack = {
    // Thousands of flags over nothing need no copy.
    flags: Object.keys(below.flags).length === 0 ? flags : { ...below.flags, ...flags },
    evaluators: new Map([...below.evaluators, ...set.evaluators]),
    bucketing: below.bucketing ?? set.bucketing ?? "flagd-v2",
    layers: [{ name, flags }, ...below.layers],
  };
  const result = compile(documentOf(stack));
  if (!result.ok) return { ok: false, faults: result.faults.map(describeFault) };
  const own = result.warnings.filter((warning) => isOfOneOf(flags, warning.pointer));
  const warnings = [...set.reservedKeys.map(reservedKey), ...own.map(describeFault)];
  return { ok: true, stack, compiled: result.compiled, warnings };
}

/** What belongs to the whole of a set can be said only once. */
function findConflicts(below: Stack, set: SetContent): SetFault[] {
  const faults: SetFault[] = [];
  if (below.bucketing !== undefined && set.bucketing !== undefined && set.bucketing !== below.bucketing) {
    faults.push({
      pointer: "/bucketing",
      message: `The store below buckets by ${below.bucketing}, and everybody would move.`,
      value: set.bucketing,
      fix: "Leave 'bucketing' out, or write the same.",
    });
  }
  for (const [name, targeting] of set.evaluators) {
    const known = below.evaluators.get(name);
    if (known === undefined || JSON.stringify(known) === JSON.stringify(targeting)) continue;
    faults.push({
      pointer: `/$evaluators/${name}`,
      message: "A store below defines this name otherwise.",
      fix: "Choose another name.",
    });
  }
  return faults;
}

function compileStack(stack: Stack): CompiledFlagSet {
  const result = compile(documentOf(stack));
  if (result.ok) return result.compiled;
  throw new DimmerError("internal", "The safe variants of valid definitions do not compile.", {
    faults: result.faults,
  });
}

function documentOf(stack: Stack): unknown {
  return {
    flags: stack.flags,
    $evaluators: Object.fromEntries(stack.evaluators),
    bucketing: stack.bucketing ?? "flagd-v2",
  };
}

/** Whether a pointer leads into one of these flags. */
function isOfOneOf(flags: FlagsByKey, pointer: string): boolean {
  const [, member, key] = pointer.split("/", 3);
  return (
    member === "flags" && key !== undefined && Object.hasOwn(flags, key.replaceAll("~1", "/").replaceAll("~0", "~"))
  );
}

function reservedKey(key: string): SetFault {
  const kill = parseKillSwitchKey(key);
  return {
    pointer: `/flags/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`,
    message: "This key reads and sets a kill; a flag of this name is passed over.",
    fix: `Remove the flag; kill with 'dimmer kill ${kill?.scope} ${kill?.target}'.`,
  };
}
