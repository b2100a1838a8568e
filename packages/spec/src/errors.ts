/**
 * Every error Dimmer can answer with, in one closed table, and the one error class that carries them.
 * This module is free of zod so that an application that evaluates flags never loads it.
 */
import { controlPlaneErrors } from "./errors/control-plane-errors.ts";
import type { ErrorDefinition } from "./errors/error-definition.ts";
import { gatewayErrors } from "./errors/gateway-errors.ts";
import { requestErrors } from "./errors/request-errors.ts";

export type { ErrorDefinition, ErrorKind } from "./errors/error-definition.ts";

/** The closed table. A code is API: it is never renamed and never reused for another meaning. */
export const errorTable = {
  ...requestErrors,
  ...controlPlaneErrors,
  ...gatewayErrors,
} as const satisfies Record<string, ErrorDefinition>;

/** One of the closed set of error codes. */
export type ErrorCode = keyof typeof errorTable;

/** Values that explain an error: what was wrong, where. Never a secret, a prompt or a user. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** The body every Dimmer API answers an error with (the gateway wraps it in OpenAI's own shape). */
export interface ErrorBody {
  readonly error: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly fix: string;
    readonly details?: ErrorDetails;
  };
}

const brand = Symbol.for("dimmer.error");

/**
 * The only error Dimmer throws on purpose. The message says what was wrong and which value; the table's `fix` says
 * what to do.
 *
 * @example
 * throw new DimmerError("flag_not_found", "There is no flag 'orchestraton_enabled'.", { key: "orchestraton_enabled" });
 */
export class DimmerError extends Error {
  override readonly name: string = "DimmerError";
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  readonly [brand]: true = true;

  constructor(code: ErrorCode, message?: string, details: ErrorDetails = {}, options?: { cause?: unknown }) {
    super(message ?? errorTable[code].summary, options);
    this.code = code;
    this.details = details;
  }

  /** The documented facts of this error's code. */
  get definition(): ErrorDefinition {
    return errorTable[this.code];
  }

  /** Recognises a DimmerError of any copy of this module. */
  static is(value: unknown): value is DimmerError {
    return typeof value === "object" && value !== null && brand in value;
  }

  /** Turns anything thrown into a DimmerError; unknown errors become `internal`. For edges only: HTTP handlers, main functions, worker loops. */
  static from(value: unknown): DimmerError {
    if (DimmerError.is(value)) return value;
    return new DimmerError("internal", errorTable.internal.summary, {}, { cause: value });
  }

  /** What an API answers with. The cause stays in the log. */
  toBody(): ErrorBody {
    const body = { code: this.code, message: this.message, fix: this.definition.fix };
    return { error: Object.keys(this.details).length === 0 ? body : { ...body, details: this.details } };
  }
}

/** Whether a string is a known error code; for reading answers of a server that may be newer. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === "string" && Object.hasOwn(errorTable, value);
}
