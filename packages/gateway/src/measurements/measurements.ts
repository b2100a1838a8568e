/** What the gateway has counted since it started: one record, shown as JSON in /admin/status and as text in /metrics. */
import { latencyBucket, latencyEdgesMs } from "@dimmer/spec/latency-buckets";
import type { CallTotals } from "../calls/call-ledger.ts";
import type { RouteModel } from "../routing/router.ts";

/** How a request ended: `ok`, or the code of the error its caller got. */
export type RequestResult = string;

export interface FinishedRequest {
  /** Name of the router that answered. */
  readonly variant: string;
  readonly result: RequestResult;
  /** Whether the caller got an error for a fault not theirs. */
  readonly isError: boolean;
  readonly latencyMs: number;
  readonly totals: CallTotals;
}

/** Sums over the requests one router answered. */
export interface VariantTotals {
  requests: number;
  errors: number;
  results: Record<RequestResult, number>;
  inputTokens: number;
  outputTokens: number;
  costMicroUsd: number;
  /** Answers of models without a price: `costMicroUsd` is too low by them. */
  unpricedCalls: number;
  calls: number;
  latencySumMs: number;
  /** Requests per latency bucket; edges in @dimmer/spec/latency-buckets. */
  readonly latency: number[];
}

/** What came of the requests that the other router saw as well. */
export interface ShadowTotals {
  /** Both answered. */
  compared: number;
  /** Of those, how many came to the same final answer. */
  same: number;
  /** The shadow had no answer where the caller got one. */
  failed: number;
  /** Not run, because too many were running. */
  dropped: number;
  /** Not run, because flags or kills forbade it by the time it was its turn. */
  refused: number;
  /** Over the compared: latency and cost of the shadow and of what the caller got. */
  shadowLatencySumMs: number;
  servedLatencySumMs: number;
  shadowCostMicroUsd: number;
  servedCostMicroUsd: number;
  /** What every shadow cost, answered or not. */
  totalCostMicroUsd: number;
}

export interface CallCounts {
  readonly provider: string;
  readonly model: string;
  readonly results: Record<string, number>;
}

/** A copy nobody changes. */
export interface MeasurementsSnapshot {
  readonly variants: Readonly<Record<string, Readonly<VariantTotals>>>;
  readonly shadow: Readonly<ShadowTotals>;
  /** Requests refused before any router saw them, by error code. */
  readonly refused: Readonly<Record<string, number>>;
  readonly calls: readonly CallCounts[];
}

export class Measurements {
  readonly #variants: Record<string, VariantTotals> = {};
  readonly #refused: Record<string, number> = {};
  readonly #calls = new Map<string, CallCounts>();
  readonly shadow: ShadowTotals = {
    compared: 0,
    same: 0,
    failed: 0,
    dropped: 0,
    refused: 0,
    shadowLatencySumMs: 0,
    servedLatencySumMs: 0,
    shadowCostMicroUsd: 0,
    servedCostMicroUsd: 0,
    totalCostMicroUsd: 0,
  };

  finished(request: FinishedRequest): void {
    const { totals, result, latencyMs } = request;
    const variant = (this.#variants[request.variant] ??= emptyTotals());
    variant.requests += 1;
    if (request.isError) variant.errors += 1;
    increment(variant.results, result);
    variant.inputTokens += totals.inputTokens;
    variant.outputTokens += totals.outputTokens;
    variant.costMicroUsd += totals.costMicroUsd;
    variant.unpricedCalls += totals.unpricedCalls;
    variant.calls += totals.calls;
    variant.latencySumMs += latencyMs;
    const bucket = latencyBucket(latencyMs);
    variant.latency[bucket] = (variant.latency[bucket] ?? 0) + 1;
  }

  refused(code: string): void {
    increment(this.#refused, code);
  }

  called(model: RouteModel, result: string): void {
    const key = `${model.provider}/${model.model}`;
    let counts = this.#calls.get(key);
    if (counts === undefined) {
      counts = { provider: model.provider, model: model.model, results: {} };
      this.#calls.set(key, counts);
    }
    increment(counts.results, result);
  }

  snapshot(): MeasurementsSnapshot {
    return structuredClone({
      variants: this.#variants,
      shadow: this.shadow,
      refused: this.#refused,
      calls: [...this.#calls.values()],
    });
  }
}

function increment(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

function emptyTotals(): VariantTotals {
  return {
    requests: 0,
    errors: 0,
    results: {},
    inputTokens: 0,
    outputTokens: 0,
    costMicroUsd: 0,
    unpricedCalls: 0,
    calls: 0,
    latencySumMs: 0,
    latency: Array.from({ length: latencyEdgesMs.length + 1 }, () => 0),
  };
}
