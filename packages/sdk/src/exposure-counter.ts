/** How often which variant of which flag was handed out. Two lookups per answer; memory is bounded by the flag sets served. */
import type { Evaluation } from "@dimmer/engine";

/** One variant of one flag, and how often it was handed out since the start. */
export interface Exposure {
  readonly flag: string;
  readonly variant: string;
  readonly count: number;
}

export class ExposureCounter {
  /** By flag, then variant. What is counted is an object, so that counting on allocates nothing. */
  readonly #counters = new Map<string, Map<string, { count: number }>>();

  /** Counts an answer that was used. */
  count({ flagKey, variant }: Evaluation): void {
    if (variant === undefined) return;
    const counter = this.#counters.get(flagKey)?.get(variant);
    if (counter === undefined) this.#add(flagKey, variant);
    else counter.count += 1;
  }

  toArray(): readonly Exposure[] {
    return [...this.#counters].flatMap(([flag, variants]) =>
      [...variants].map(([variant, { count }]) => ({ flag, variant, count })),
    );
  }

  #add(flagKey: string, variant: string): void {
    const variants = this.#counters.get(flagKey) ?? new Map<string, { count: number }>();
    this.#counters.set(flagKey, variants.set(variant, { count: 1 }));
  }
}
