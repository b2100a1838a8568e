/** What is wrong now, by who says so and about what; each fault is told once, when it appears. */
import type { DimmerError } from "@dimmer/spec/errors";
import type { StatusFault } from "./status.ts";

export class FaultList {
  readonly #onFault: (error: DimmerError) => void;
  readonly #byTopic = new Map<string, readonly StatusFault[]>();

  constructor(onFault: (error: DimmerError) => void) {
    this.#onFault = onFault;
  }

  /** What is wrong with this topic of this source from now on; nothing: it is repaired. */
  set(source: string, topic: string, ...errors: readonly DimmerError[]): void {
    const key = JSON.stringify([source, topic]);
    const before = this.#of(source);
    const now = errors.map((error) => toStatusFault(source, error));
    if (now.length === 0) this.#byTopic.delete(key);
    else this.#byTopic.set(key, now);
    for (const [index, error] of errors.entries()) {
      if (before.some((fault) => fault.message === now[index]?.message)) continue;
      try {
        this.#onFault(error);
      } catch {
        // Whoever listens to faults has one of their own; there is nobody left to tell.
      }
    }
  }

  /** Everything that is wrong now; what two topics of a source agree on is said once. */
  toArray(): readonly StatusFault[] {
    const all = [...this.#byTopic.values()].flat();
    return all.filter((fault, index) => index === all.findIndex((other) => isSame(fault, other)));
  }

  #of(source: string): readonly StatusFault[] {
    return [...this.#byTopic.values()].flat().filter((fault) => fault.source === source);
  }
}

function isSame(a: StatusFault, b: StatusFault): boolean {
  return a.source === b.source && a.message === b.message;
}

function toStatusFault(source: string, error: DimmerError): StatusFault {
  const { fix } = error.details;
  return {
    source,
    code: error.code,
    message: error.message,
    fix: typeof fix === "string" ? fix : error.definition.fix,
  };
}
