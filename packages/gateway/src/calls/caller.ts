/**
 * Makes the calls of one request. Kills and flags are asked again right before each attempt; an attempt that fails
 * before its first byte is repeated within bounds; usage and cost of everything that went out are counted. A router
 * cannot reach a provider in any other way.
 */
import { DimmerError } from "@dimmer/spec/errors";
import { refuseCall } from "../admission/call-gate.ts";
import type { CallGate } from "../admission/call-gate.ts";
import type { CallOrigin } from "../admission/call-origin.ts";
import { isRecord } from "../input/is-record.ts";
import type { Clock } from "../ports/clock.ts";
import type { ChatRequest } from "../protocol/chat-request.ts";
import { readCompletion } from "../protocol/completion-body.ts";
import { usageOf } from "../protocol/usage.ts";
import type { Provider, ProviderCall, ProviderFault, ProviderResult } from "../providers/provider.ts";
import type { CallOutcome, Caller, Completion, CompletionStream, RouteModel } from "../routing/router.ts";
import type { CallLedger } from "./call-ledger.ts";
import { StreamFault, holdStream } from "./completion-stream.ts";
import type { HeldStream } from "./completion-stream.ts";
import { costMicroUsd } from "./prices.ts";
import type { PriceTable } from "./prices.ts";
import { retryDelayMs } from "./retry.ts";
import type { RetryPolicy } from "./retry.ts";

/** What became of one attempt, for the metrics. */
export type AttemptResult = "ok" | ProviderFault["type"] | "aborted";

export interface CallTimeouts {
  /** Until the answer begins. */
  readonly headersMs: number;
  /** Between two pieces of an answer. */
  readonly stallMs: number;
}

/** What all callers of one gateway share. */
export interface CallerParts {
  readonly gate: CallGate;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly prices: PriceTable;
  readonly retry: RetryPolicy;
  readonly timeouts: CallTimeouts;
  readonly clock: Clock;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
  onAttempt(model: RouteModel, result: AttemptResult): void;
}

/** The request the calls are made for. */
export interface CallScope {
  readonly origin: CallOrigin;
  /** Whether the route has just one model to offer. */
  readonly isOnlyModel: boolean;
  /** Aborted with the DimmerError that ends the request. */
  readonly signal: AbortSignal;
  readonly ledger: CallLedger;
}

export interface RequestCaller extends Caller {
  /** Ends streams that nobody read to their end. Call it when the request is over. */
  close(): void;
}

type MakeCall<T> = (provider: Provider, call: ProviderCall) => Promise<ProviderResult<T>>;

export function createCaller(parts: CallerParts, scope: CallScope): RequestCaller {
  const { clock } = parts;
  const { signal, ledger } = scope;
  const openStreams = new Set<HeldStream>();

  async function repeat<T>(model: RouteModel, request: ChatRequest, makeCall: MakeCall<T>): Promise<CallOutcome<T>> {
    const provider = parts.providers.get(model.provider);
    if (provider === undefined)
      return failed(new DimmerError("internal", `No provider is named '${model.provider}'.`), false);
    const call: ProviderCall = {
      model: model.model,
      request,
      headersTimeoutMs: parts.timeouts.headersMs,
      stallTimeoutMs: parts.timeouts.stallMs,
      signal,
    };
    for (let attempt = 1; ; attempt += 1) {
      if (signal.aborted) return failed(abortReason(signal), false);
      const refusal = refuseCall(parts.gate, scope.origin, model);
      if (refusal !== undefined) return failed(refusal.error, refusal.mayTryElsewhere);
      ledger.calls += 1;
      const result = await makeCall(provider, call);
      parts.onAttempt(model, result.ok ? "ok" : signal.aborted ? "aborted" : result.fault.type);
      if (result.ok) return { ok: true, value: result.value };
      if (signal.aborted) return failed(abortReason(signal), false);
      const delayMs = retryDelayMs(
        parts.retry,
        { attempt, fault: result.fault, isOnlyModel: scope.isOnlyModel },
        parts.random,
      );
      if (delayMs === undefined) return failedBy(model, result.fault);
      await clock.sleep(delayMs, signal);
    }
  }

  return {
    complete(model, request): Promise<CallOutcome<Completion>> {
      return repeat(model, request, async (provider, call) => {
        const startedMs = clock.elapsedMs();
        const answer = await provider.complete(call);
        if (!answer.ok) return answer;
        const reading = readCompletion(answer.value);
        if (!reading.ok) return { ok: false, fault: { type: "failed", message: reading.problem } };
        const usage = usageOf(reading.tokens, request, reading.text.length);
        const cost = costMicroUsd(parts.prices, model, usage);
        ledger.add(usage, cost);
        const value: Completion = {
          model,
          body: answer.value,
          usage,
          costMicroUsd: cost ?? 0,
          latencyMs: clock.elapsedMs() - startedMs,
          text: () => reading.text,
        };
        return { ok: true, value };
      });
    },

    stream(model, request): Promise<CallOutcome<CompletionStream>> {
      return repeat(model, request, async (provider, call) => {
        const answer = await provider.stream(call);
        if (!answer.ok) return answer;
        const options = request["stream_options"];
        const isUsageRelayed = isRecord(options) && options["include_usage"] === true;
        const held = await holdStream(answer.value, { stallTimeoutMs: call.stallTimeoutMs, isUsageRelayed });
        if (!held.ok) return held;
        const { tally } = held.value;
        openStreams.add(held.value);
        const settle = (): void => {
          openStreams.delete(held.value);
          const usage = usageOf(tally.tokens, request, tally.text.length);
          ledger.add(usage, costMicroUsd(parts.prices, model, usage));
        };
        return { ok: true, value: { model, frames: relay(model, held.value, signal, settle), text: () => tally.text } };
      });
    },

    close() {
      for (const stream of openStreams) stream.cancel();
    },
  };
}

/** The frames as routers and callers see them: faults become errors of the closed table, and usage is settled once. */
async function* relay(
  model: RouteModel,
  held: HeldStream,
  signal: AbortSignal,
  settle: () => void,
): AsyncGenerator<Uint8Array, void> {
  try {
    yield* held.frames;
  } catch (error) {
    if (signal.aborted) throw abortReason(signal);
    if (!(error instanceof StreamFault)) throw error;
    const message = `The answer broke off: '${model.provider}' ${error.fault.message}.`;
    throw new DimmerError("stream_cut", message, { provider: model.provider, model: model.model }, { cause: error });
  } finally {
    settle();
  }
}

function failedBy(model: RouteModel, fault: ProviderFault): CallOutcome<never> {
  const details = { provider: model.provider, model: model.model };
  const message = `'${model.provider}' ${fault.message}.`;
  switch (fault.type) {
    case "timeout":
      return failed(new DimmerError("provider_timeout", message, details), true);
    case "refused": {
      const { status, isRequestFault, retryAfterMs } = fault;
      if (status === 429) {
        const limited = { ...details, status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
        return failed(new DimmerError("provider_rate_limited", message, limited), true);
      }
      return failed(
        new DimmerError("provider_refused", message, { ...details, status, isRequestFault }),
        !isRequestFault,
      );
    }
    case "failed":
      return failed(new DimmerError("provider_failed", message, details), true);
    case "cut":
      return failed(new DimmerError("stream_cut", message, details), true);
  }
}

function failed(error: DimmerError, mayTryElsewhere: boolean): CallOutcome<never> {
  return { ok: false, error, mayTryElsewhere };
}

/** Requests are aborted with the error that ends them. */
function abortReason(signal: AbortSignal): DimmerError {
  return DimmerError.from(signal.reason);
}
