/**
 * The ordered stores of one process: composes what they say into one compiled set whenever one of them says something
 * new, and knows how old that is.
 */
import type { Clock } from "@dimmer/api-client";
import type { CompiledFlagSet } from "@dimmer/engine";
import type { FlagDefinitions } from "@dimmer/spec";
import type { FlagOrigin } from "../flag-origin.ts";
import type { StoreStatus } from "../status.ts";
import { composeLayers, definitionsStack } from "./compose-layers.ts";
import type { CheckKeys, Composition, LaidContents, ServedLayer, Stack } from "./compose-layers.ts";
import { changedFlags } from "./changed-flags.ts";
import type { LadderStep } from "./ladder-step.ts";

export interface LadderOptions {
  /** Highest precedence first. */
  readonly steps: readonly LadderStep[];
  readonly definitions: FlagDefinitions | undefined;
  readonly checkKeys: CheckKeys;
  readonly clock: Clock;
  /** Another set is served, or the same from another place. Finding what has changed compares every flag. */
  readonly onComposed: (findChanged: () => readonly string[]) => void;
  /** Some stores have become stale, or none is left that is. */
  readonly onStale: (stores: readonly string[]) => void;
}

export class Ladder {
  readonly #options: LadderOptions;
  readonly #definitions: Stack;
  readonly #laid: LaidContents = new WeakMap();
  #composition: Composition;
  #stale: readonly string[] = [];
  #isComposing = false;
  #isOutdated = false;
  #isClosed = false;
  #cancelStaleTimer = (): void => undefined;

  constructor(options: LadderOptions) {
    this.#options = options;
    this.#definitions = definitionsStack(options.definitions);
    this.#composition = this.#compose();
    for (const step of options.steps) this.#settle(step);
    this.#stale = this.#findStale();
  }

  start(): void {
    for (const step of this.#options.steps) step.start();
    this.#watchStaleness();
  }

  /** Resolves when the disk snapshots are written. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelStaleTimer();
    await Promise.all(this.#options.steps.map((step) => step.close()));
  }

  get compiled(): CompiledFlagSet {
    return this.#composition.compiled;
  }

  /** The store a flag came from; undefined for the definitions. */
  stepOf(key: string): LadderStep | undefined {
    const layer = this.#composition.layers.find(({ flags }) => Object.hasOwn(flags, key));
    return layer === undefined ? undefined : this.#options.steps.find((step) => step.name === layer.name);
  }

  /** Where a flag's answer comes from now. */
  originOf(key: string): FlagOrigin {
    const step = this.stepOf(key);
    if (step === undefined) return { source: "definitions", version: 0, ageMs: 0, isStale: false };
    const nowMs = this.#options.clock.nowMs();
    return { source: step.name, version: step.version, ageMs: step.ageMs(nowMs), isStale: step.isStale(nowMs) };
  }

  /** The last store in the order, which the others overlay; undefined when nothing of it is served. */
  get base(): LadderStep | undefined {
    const last = this.#options.steps.at(-1);
    return last?.isServed === true ? last : undefined;
  }

  get isReady(): boolean {
    return this.#options.steps.every((step) => step.isServed);
  }

  /** Whether any store may still change what is served at the start. */
  get isWaiting(): boolean {
    return this.#options.steps.some((step) => step.isWaitedFor);
  }

  get staleStores(): readonly string[] {
    return this.#findStale();
  }

  status(): readonly StoreStatus[] {
    const counts = countFlags(this.#composition.layers);
    const nowMs = this.#options.clock.nowMs();
    return this.#options.steps.map((step) => step.status(nowMs, counts.get(step.name) ?? 0));
  }

  /** A store says something new. */
  recompose(): void {
    this.#isOutdated = true;
    // A store that speaks while its neighbour's words are being taken in is heard afterwards.
    if (this.#isComposing) return;
    this.#isComposing = true;
    while (this.#isOutdated) {
      this.#isOutdated = false;
      const before = this.#composition;
      this.#composition = this.#compose();
      let isNew = false;
      for (const step of this.#options.steps) isNew = this.#settle(step) || isNew;
      const after = this.#composition;
      if (isNew) this.#options.onComposed(() => changedFlags(before, after));
    }
    this.#isComposing = false;
    this.noteStaleness();
  }

  /** Tells of stores that have become stale or fresh. */
  noteStaleness(): void {
    const stale = this.#findStale();
    if (stale.join("\0") === this.#stale.join("\0")) return;
    this.#stale = stale;
    this.#options.onStale(stale);
  }

  #compose(): Composition {
    const { steps, checkKeys } = this.#options;
    return composeLayers(
      this.#definitions,
      steps.map((step) => step.layer),
      checkKeys,
      this.#laid,
    );
  }

  #settle(step: LadderStep): boolean {
    const outcome = this.#composition.outcomes.get(step.name);
    return outcome !== undefined && step.settle(outcome);
  }

  #findStale(): readonly string[] {
    const nowMs = this.#options.clock.nowMs();
    return this.#options.steps.filter((step) => step.isStale(nowMs)).map((step) => step.name);
  }

  /** Looks again when the first store may have become stale. */
  #watchStaleness(): void {
    if (this.#isClosed || this.#options.steps.length === 0) return;
    const { clock, steps } = this.#options;
    const nowMs = clock.nowMs();
    const deadlines = steps.map((step) => step.staleAtMs).filter((atMs) => atMs >= nowMs);
    const waitMs = deadlines.length === 0 ? maxTimerMs : Math.min(...deadlines) - nowMs + 1;
    this.#cancelStaleTimer = clock.after(Math.min(waitMs, maxTimerMs), () => {
      this.noteStaleness();
      this.#watchStaleness();
    });
  }
}

/** How many flags come from each layer: those that no layer above has. */
function countFlags(layers: readonly ServedLayer[]): ReadonlyMap<string, number> {
  return new Map(
    layers.map(({ name, flags }, index) => {
      const above = layers.slice(0, index);
      return [name, Object.keys(flags).filter((key) => !above.some((layer) => Object.hasOwn(layer.flags, key))).length];
    }),
  );
}

/** Timers of a day survive a machine that slept; longer waits are looked at again. */
const maxTimerMs = 60 * 60 * 1000;
