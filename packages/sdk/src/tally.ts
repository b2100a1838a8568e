/** Counts by name, for a bounded number of names; the rest is counted under `*`. */

const maxNames = 1000;

export class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    const counted = this.#counts.has(name) || this.#counts.size < maxNames ? name : "*";
    this.#counts.set(counted, (this.#counts.get(counted) ?? 0) + 1);
  }

  toRecord(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
