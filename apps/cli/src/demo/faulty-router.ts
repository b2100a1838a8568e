/** The demo's bad release: orchestration v2 "redeployed" with a fault. Production code knows nothing of it. */
import { DimmerError } from "@dimmer/spec/errors";
import type { RouteAnswer, Router } from "@dimmer/gateway";

/** What is wrong with the release. A healthy one has both at 0. */
export interface ReleaseFault {
  /** Share of requests, 0 to 1, that fail for the caller after every fallback. */
  readonly errorRate: number;
  /** Added to every answer. */
  readonly addedLatencyMs: number;
}

export const healthyRelease: ReleaseFault = { errorRate: 0, addedLatencyMs: 0 };

/** What the faulty router needs of the outside. */
export interface FaultyRouterOptions {
  /** The fault as it is now; asked for every request. */
  readonly fault: () => ReleaseFault;
  /** Random numbers from 0 to below 1. */
  readonly random: () => number;
  readonly wait: (durationMs: number) => Promise<void>;
}

/** The given router with the present fault on top. */
export function createFaultyRouter(router: Router, { fault, random, wait }: FaultyRouterOptions): Router {
  return {
    name: router.name,
    async route(request, caller): Promise<RouteAnswer> {
      const { errorRate, addedLatencyMs } = fault();
      if (addedLatencyMs > 0) await wait(addedLatencyMs);
      const answer = await router.route(request, caller);
      if (answer.type === "failed" || random() >= errorRate) return answer;
      return {
        type: "failed",
        error: new DimmerError("provider_failed", "The demo's faulty release lost this answer."),
        steps: [...answer.steps, "lost by the faulty release"],
      };
    },
  };
}
