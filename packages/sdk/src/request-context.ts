/**
 * Who asks, carried along a request by AsyncLocalStorage, for programs that do not want to hand a context to every
 * function. A subpath of its own: a program that does without never loads `node:async_hooks`.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { EvaluationContext } from "@dimmer/engine";

/** The context of the request that is being served. */
export interface RequestContext {
  /** Runs an action, and all it awaits, with this context; within another run it adds to that one's, name by name. */
  run<Result>(context: EvaluationContext, action: () => Result): Result;
  /** The context of the run this is called in; empty outside of any. Frozen. Needs no `this`: hand it on as it is. */
  readonly current: () => EvaluationContext;
}

const noContext: EvaluationContext = Object.freeze({});

/**
 * Makes one; a program needs one at most.
 *
 * @example
 * const requests = createRequestContext();
 * const dimmer = createDimmer({ stores, currentContext: requests.current });
 * requests.run({ targetingKey: "user-1" }, () => dimmer.boolean("checkout.ai", false));
 */
export function createRequestContext(): RequestContext {
  const storage = new AsyncLocalStorage<EvaluationContext>();
  const current = (): EvaluationContext => storage.getStore() ?? noContext;
  return {
    current,
    run: (context, action) => storage.run(Object.freeze({ ...current(), ...context }), action),
  };
}
