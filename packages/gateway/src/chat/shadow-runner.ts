/**
 * Shows requests that v1 has answered to v2 as well, and compares. It runs after the caller has been answered, a few at
 * a time, is dropped rather than queued, passes admission and every call's check anew, and is in nobody's bill.
 */
import { DimmerError } from "@dimmer/spec/errors";
import { admit } from "../admission/admission.ts";
import type { Routes } from "../admission/admission.ts";
import type { CallOrigin } from "../admission/call-origin.ts";
import { CallLedger } from "../calls/call-ledger.ts";
import { createCaller } from "../calls/caller.ts";
import type { CallerParts } from "../calls/caller.ts";
import type { Measurements } from "../measurements/measurements.ts";
import type { Log } from "../ports/log.ts";
import type { ChatRequest } from "../protocol/chat-request.ts";
import type { Router } from "../routing/router.ts";
import { finalAnswer } from "./final-answer.ts";
import { RunningRequests } from "./running-requests.ts";

/** A request and what its caller got. */
export interface ShadowJob {
  readonly requestId: string;
  readonly origin: CallOrigin;
  readonly request: ChatRequest;
  readonly served: { readonly text: string; readonly latencyMs: number; readonly costMicroUsd: number };
}

export interface ShadowParts {
  readonly router: Router;
  readonly callers: CallerParts;
  readonly routes: Routes;
  readonly measurements: Measurements;
  readonly log: Log;
  readonly concurrency: number;
  readonly deadlineMs: number;
}

export class ShadowRunner {
  readonly #parts: ShadowParts;
  readonly #running = new RunningRequests();

  constructor(parts: ShadowParts) {
    this.#parts = parts;
  }

  get running(): number {
    return this.#running.count;
  }

  /** Runs the job on a later turn, or drops it when enough are running. */
  offer(job: ShadowJob): void {
    if (this.#running.count >= this.#parts.concurrency) {
      this.#parts.measurements.shadow.dropped += 1;
      return;
    }
    const running = this.#running.begin(this.#parts.deadlineMs);
    setImmediate(() => {
      this.#run(job, running.signal)
        .catch((error: unknown) => {
          this.#parts.measurements.shadow.failed += 1;
          this.#parts.log.error({ requestId: job.requestId, err: error }, "A shadow failed in the router.");
        })
        .finally(() => running.end());
    });
  }

  /** Ends what is running. */
  async close(): Promise<void> {
    this.#running.abortAll(new DimmerError("shutting_down"));
    await this.#running.waitIdle(1000);
  }

  async #run(job: ShadowJob, signal: AbortSignal): Promise<void> {
    const { callers, router, measurements } = this.#parts;
    const { shadow } = measurements;
    const admission = admit(callers.gate, this.#parts.routes, job.origin, job.request);
    if (!admission.ok) {
      shadow.refused += 1;
      return;
    }
    const ledger = new CallLedger();
    const caller = createCaller(callers, {
      origin: job.origin,
      isOnlyModel: admission.models.length === 1,
      signal,
      ledger,
    });
    const startedMs = callers.clock.elapsedMs();
    const { requestId, request } = job;
    const routing = {
      requestId,
      route: job.origin.route,
      request,
      models: admission.models,
      wantsStream: false,
      signal,
    };
    const answer = await router.route(routing, caller).finally(() => caller.close());
    shadow.totalCostMicroUsd += ledger.costMicroUsd;
    if (answer.type !== "completion") {
      shadow.failed += 1;
      return;
    }
    shadow.compared += 1;
    if (finalAnswer(answer.completion.text()) === finalAnswer(job.served.text)) shadow.same += 1;
    shadow.shadowLatencySumMs += callers.clock.elapsedMs() - startedMs;
    shadow.servedLatencySumMs += job.served.latencyMs;
    shadow.shadowCostMicroUsd += ledger.costMicroUsd;
    shadow.servedCostMicroUsd += job.served.costMicroUsd;
  }
}
