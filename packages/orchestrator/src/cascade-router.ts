/**
 * v2: a cheap model first, its answer verified, a stronger one when that does not hold. What one request costs, at
 * most: one call to each of two cheap models and one to each strong one, in order, until one answers.
 *
 * - A request whose answer could not reach the threshold (prose, JSON, tools: nothing to verify) goes to a strong model
 *   at once.
 * - With a second cheap model, it is asked when the first one's answer does not convince: agreement counts.
 * - When every strong model fails, the best cheap answer that was merely unconvincing is delivered; one that was found
 *   to be wrong never is.
 */
import { DimmerError } from "@dimmer/spec/errors";
import type { CallOutcome, Caller, Completion, RouteAnswer, RouteModel, Router, RoutingRequest } from "@dimmer/gateway";
import { readAnswer } from "./answer.ts";
import type { Answer } from "./answer.ts";
import { readDemand } from "./demand.ts";
import type { Demand } from "./demand.ts";
import { isAgreed, scoreAgreement } from "./verifier/agreement.ts";
import { defaultThreshold } from "./verifier/score-model.ts";
import { canReach, verifyAnswer } from "./verifier/verify-answer.ts";
import type { Verification } from "./verifier/verify-answer.ts";

/** How sure the cascade must be of a cheap answer. */
export interface CascadeOptions {
  /**
   * Score, 0 to 1, from which a cheap answer is delivered. Lower saves more and risks more: docs/orchestrator.md has the
   * curve. At 0.5 and below, JSON and prose of cheap models are delivered on their form alone. Default `defaultThreshold`.
   */
  readonly threshold?: number;
}

/** Cheap answers asked for before the strong models get their turn. */
const mostDrafts = 2;

/** An answer of a cheap model. */
interface Draft {
  readonly completion: Completion;
  readonly answer: Answer;
  readonly verification: Verification;
}

/** Creates v2. Throws `config_invalid` when the threshold is not within 0 to 1. */
export function createCascadeRouter(options: CascadeOptions = {}): Router {
  const threshold = options.threshold ?? defaultThreshold;
  if (!(threshold >= 0 && threshold <= 1)) {
    throw new DimmerError("config_invalid", `The cascade's threshold is ${threshold}; it must be from 0 to 1.`, {
      threshold,
    });
  }
  return { name: "v2", route: (routing, caller) => new Cascade(routing, caller, threshold).run() };
}

/** One request on its way through the cascade. */
class Cascade {
  readonly #routing: RoutingRequest;
  readonly #caller: Caller;
  readonly #threshold: number;
  readonly #demand: Demand;
  readonly #steps: string[] = [];
  #error = new DimmerError("provider_failed", "The route has no model to call.");

  constructor(routing: RoutingRequest, caller: Caller, threshold: number) {
    this.#routing = routing;
    this.#caller = caller;
    this.#threshold = threshold;
    this.#demand = readDemand(routing.request);
  }

  async run(): Promise<RouteAnswer> {
    const cheap = this.#routing.models.filter((model) => model.tier === "cheap");
    const strong = this.#routing.models.filter((model) => model.tier === "strong");
    if (strong.length === 0) return await this.#answerFrom(cheap);
    if (!canReach(this.#demand, this.#threshold)) {
      this.#steps.push(`nothing-to-verify(${this.#demand.type})`);
      return await this.#answerFrom([...strong, ...cheap]);
    }
    const drafts: Draft[] = [];
    for (const model of cheap.slice(0, mostDrafts)) {
      const outcome = await this.#caller.complete(model, this.#routing.request);
      if (outcome.ok) {
        const accepted = this.#judge(outcome.value, drafts);
        if (accepted !== undefined) return this.#deliver(accepted.completion);
      } else {
        // Whatever a cheap model refuses (a long context, a parameter), a strong one may take; and where nobody may be
        // called any more, the next call's own check says so.
        this.#mustStop(model, outcome);
      }
    }
    return await this.#answerFrom(strong, drafts);
  }

  /** Verifies a cheap answer and adds it to the drafts; answers the draft to deliver, if there is one now. */
  #judge(completion: Completion, drafts: Draft[]): Draft | undefined {
    const answer = readAnswer(completion);
    const draft: Draft = { completion, answer, verification: verifyAnswer(this.#demand, answer) };
    const { verification } = draft;
    const partner = drafts.find(
      (other) => isUsable(other) && isUsable(draft) && isAgreed(this.#demand, other.answer, answer),
    );
    drafts.push(draft);
    const score =
      partner === undefined ? verification.score : scoreAgreement(partner.verification.score, verification.score);
    const isAccepted = verification.type === "scored" && score >= this.#threshold;
    const finding =
      verification.type === "failed"
        ? verification.fault
        : `${partner === undefined ? "" : "agreed,"}${score.toFixed(2)}`;
    this.#steps.push(`${nameOf(completion.model)}:${isAccepted ? "accepted" : "rejected"}(${finding})`);
    if (!isAccepted) return undefined;
    return partner !== undefined && partner.verification.score >= verification.score ? partner : draft;
  }

  /** The first of these models that answers, answers; without one, the best draft that was not found wrong. */
  async #answerFrom(models: readonly RouteModel[], drafts: readonly Draft[] = []): Promise<RouteAnswer> {
    for (const model of models) {
      const { request, wantsStream } = this.#routing;
      if (wantsStream) {
        const outcome = await this.#caller.stream(model, request);
        if (outcome.ok) return { type: "stream", stream: outcome.value, steps: this.#answered(model) };
        if (this.#mustStop(model, outcome)) return this.#fail();
      } else {
        const outcome = await this.#caller.complete(model, request);
        if (outcome.ok) return { type: "completion", completion: outcome.value, steps: this.#answered(model) };
        if (this.#mustStop(model, outcome)) return this.#fail();
      }
    }
    const best = drafts.filter(isUsable).toSorted((one, other) => other.verification.score - one.verification.score)[0];
    if (best === undefined) return this.#fail();
    this.#steps.push(`${nameOf(best.completion.model)}:last-resort`);
    return this.#deliver(best.completion);
  }

  /** Takes down a failed call; whether no other model may be asked. */
  #mustStop(model: RouteModel, outcome: Extract<CallOutcome<never>, { ok: false }>): boolean {
    this.#steps.push(`${nameOf(model)}:${outcome.error.code}`);
    this.#error = outcome.error;
    return !outcome.mayTryElsewhere;
  }

  #answered(model: RouteModel): readonly string[] {
    this.#steps.push(`${nameOf(model)}:answered`);
    return this.#steps;
  }

  #deliver(completion: Completion): RouteAnswer {
    return { type: "completion", completion, steps: this.#steps };
  }

  #fail(): RouteAnswer {
    return { type: "failed", error: this.#error, steps: this.#steps };
  }
}

/** Whether nothing certainly wrong was found in it. */
function isUsable(draft: Draft): boolean {
  return draft.verification.type === "scored";
}

function nameOf(model: RouteModel): string {
  return `${model.provider}/${model.model}`;
}
