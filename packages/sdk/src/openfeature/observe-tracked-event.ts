/** Tracked events (OpenFeature specification, section 6) as observations: what judges a rollout. */
import type { EvaluationContext } from "@dimmer/engine";
import type { TrackingEventDetails } from "@openfeature/server-sdk";
import type { Dimmer } from "../dimmer.ts";

/** A tracked event that says how one request fared for which a flag decided. */
export interface TrackedEvent {
  readonly flag: string;
  /** Whether the event says that the request failed for the caller; `isError` in its details goes before. @defaultValue false */
  readonly isError?: boolean;
}

/**
 * Counts the event for the variant its context gets now. Of the details, `value` is the latency in milliseconds, and
 * `isError`, `inputTokens`, `outputTokens` and `costMicroUsd` mean what they mean in an observation. An event without
 * a value is no request that was measured, and one whose flag has no variant belongs to no arm: neither counts.
 */
export function observeTrackedEvent(
  dimmer: Dimmer,
  event: TrackedEvent,
  context: EvaluationContext,
  details: TrackingEventDetails,
): void {
  const { variant } = dimmer.evaluate(event.flag, context);
  const { value: latencyMs, isError = event.isError === true } = details;
  if (variant === undefined || latencyMs === undefined) return;
  dimmer.observe({
    flag: event.flag,
    variant,
    latencyMs,
    isError: isError === true,
    inputTokens: numberOf(details["inputTokens"]),
    outputTokens: numberOf(details["outputTokens"]),
    costMicroUsd: numberOf(details["costMicroUsd"]),
  });
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
