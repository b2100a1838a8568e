/** An answer in OpenFeature's words. */
import { ErrorCode } from "@openfeature/server-sdk";
import type { ResolutionDetails } from "@openfeature/server-sdk";
import type { FlagValue } from "@dimmer/spec";
import type { EvaluationDetails } from "../dimmer.ts";

/**
 * Reasons and error codes go as they are: Dimmer's are OpenFeature's, and its own three (KILLED, OVERRIDE,
 * PREREQUISITE) are free strings there. Where the answer came from goes into the metadata, below what the flag says
 * itself; `version` is the name OpenFeature's telemetry looks for.
 */
export function toResolution<T extends FlagValue>(details: EvaluationDetails<T>): ResolutionDetails<T> {
  const { value, variant, reason, errorCode, errorMessage, metadata, source, version, ageMs, isStale } = details;
  return {
    value,
    reason,
    flagMetadata: { source, version: String(version), ageMs, isStale, ...metadata },
    ...(variant === undefined ? {} : { variant }),
    ...(errorCode === undefined ? {} : { errorCode: ErrorCode[errorCode], errorMessage: errorMessage ?? "" }),
  };
}
