/** v1: the route's models in order; the first that answers, answers. */
import { DimmerError } from "@dimmer/spec/errors";
import type { Caller, RouteAnswer, Router, RoutingRequest } from "./router.ts";

/** The router without a v2: answers with the error of the last model asked when none answers. */
export const priorityRouter: Router = {
  name: "v1",
  async route(routing: RoutingRequest, caller: Caller): Promise<RouteAnswer> {
    const steps: string[] = [];
    let error: DimmerError | undefined;
    for (const model of routing.models) {
      steps.push(`${model.provider}/${model.model}`);
      if (routing.wantsStream) {
        const outcome = await caller.stream(model, routing.request);
        if (outcome.ok) return { type: "stream", stream: outcome.value, steps };
        error = outcome.error;
        if (!outcome.mayTryElsewhere) break;
      } else {
        const outcome = await caller.complete(model, routing.request);
        if (outcome.ok) return { type: "completion", completion: outcome.value, steps };
        error = outcome.error;
        if (!outcome.mayTryElsewhere) break;
      }
    }
    return {
      type: "failed",
      error: error ?? new DimmerError("provider_failed", "The route has no model to call."),
      steps,
    };
  },
};
