/** What all calls of one request came to: failed attempts, fallbacks and rejected drafts included. */
import type { Usage } from "../protocol/usage.ts";

/** Sums over the calls of one request. */
export interface CallTotals {
  /** Calls that went out, whatever became of them. */
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Known cost; calls without a price are not in it. */
  readonly costMicroUsd: number;
  /** Answers of models that have no price, so that `costMicroUsd` is too low. */
  readonly unpricedCalls: number;
}

export class CallLedger implements CallTotals {
  calls = 0;
  inputTokens = 0;
  outputTokens = 0;
  costMicroUsd = 0;
  unpricedCalls = 0;

  add(usage: Usage, costMicroUsd: number | undefined): void {
    this.inputTokens += usage.inputTokens;
    this.outputTokens += usage.outputTokens;
    if (costMicroUsd === undefined) this.unpricedCalls += 1;
    else this.costMicroUsd += costMicroUsd;
  }
}
