/** The requests being answered: each can be aborted with the error that ends it, all can be waited for. */
import { DimmerError } from "@dimmer/spec/errors";

export interface RunningRequest {
  /** Aborts with a DimmerError as its reason. */
  readonly signal: AbortSignal;
  abort(error: DimmerError): void;
  /** The request is over, whatever came of it. */
  end(): void;
}

export class RunningRequests {
  readonly #running = new Set<RunningRequest>();
  #onIdle: (() => void)[] = [];

  get count(): number {
    return this.#running.size;
  }

  begin(deadlineMs: number): RunningRequest {
    const controller = new AbortController();
    const timer = setTimeout(() => {
      controller.abort(
        new DimmerError("provider_timeout", `The answer was not complete within ${deadlineMs} ms.`, { deadlineMs }),
      );
    }, deadlineMs);
    const running: RunningRequest = {
      signal: controller.signal,
      abort: (error) => controller.abort(error),
      end: () => {
        clearTimeout(timer);
        this.#running.delete(running);
        if (this.#running.size > 0) return;
        for (const resolve of this.#onIdle.splice(0)) resolve();
      },
    };
    this.#running.add(running);
    return running;
  }

  abortAll(error: DimmerError): void {
    for (const running of this.#running) running.abort(error);
  }

  /** Resolves when nothing is running, or after `timeoutMs`; says whether nothing is. */
  async waitIdle(timeoutMs: number): Promise<boolean> {
    if (this.#running.size === 0) return true;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#onIdle.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    return this.#running.size === 0;
  }
}
