/**
 * Every error Dimmer can answer with, in one closed table, and the one error class that carries them.
 * This module is free of zod so that an application that evaluates flags never loads it.
 */

/** Who has to act on an error; the CLI derives its exit code from it. */
export type ErrorKind =
  /** The caller sent something wrong; changing the input helps. Exit code 2. */
  | "input"
  /** The caller is not known or not allowed. Exit code 3. */
  | "auth"
  /** The system's present state refuses it; another state would not. Exit code 4. */
  | "state"
  /** Something needed is down or slow; the same call may work later. Exit code 5. */
  | "unavailable"
  /** A defect in Dimmer. Exit code 70. */
  | "internal";

/** What is documented of one error code. */
export interface ErrorDefinition {
  /** HTTP status the control plane or the gateway answers with. */
  readonly status: number;
  readonly kind: ErrorKind;
  /** Whether sending the same request again, later, can succeed without anybody changing anything. */
  readonly retryable: boolean;
  /** What happened, in one sentence. */
  readonly summary: string;
  /** What to do about it. */
  readonly fix: string;
}

/** The closed table. A code is API: it is never renamed and never reused for another meaning. */
export const errorTable = {
  // Requests
  invalid_request: {
    status: 400,
    kind: "input",
    retryable: false,
    summary: "The request does not have the form this call takes.",
    fix: "Correct what the message names.",
  },
  body_too_large: {
    status: 413,
    kind: "input",
    retryable: false,
    summary: "The request body is larger than the limit.",
    fix: "Send a smaller body, or raise the limit in the configuration.",
  },
  not_found: {
    status: 404,
    kind: "input",
    retryable: false,
    summary: "There is nothing at this address.",
    fix: "Check the path: the control plane describes its addresses at /openapi.json, the gateway names its own in the message.",
  },
  method_not_allowed: {
    status: 405,
    kind: "input",
    retryable: false,
    summary: "This address does not answer this method.",
    fix: "Use a method that the header Allow names.",
  },
  unauthenticated: {
    status: 401,
    kind: "auth",
    retryable: false,
    summary: "No token was sent, or the token is not known.",
    fix: "Send 'Authorization: Bearer <token>'; the CLI finds the token of a local server by itself.",
  },
  forbidden: {
    status: 403,
    kind: "auth",
    retryable: false,
    summary: "The token does not carry the scope this call needs.",
    fix: "Use a token with the scope the message names.",
  },
  rate_limited: {
    status: 429,
    kind: "unavailable",
    retryable: true,
    summary: "Too many requests.",
    fix: "Wait as long as Retry-After says.",
  },
  internal: {
    status: 500,
    kind: "internal",
    retryable: false,
    summary: "A defect in Dimmer.",
    fix: "Report it with the request id; the server's log has the trace.",
  },
  usage: {
    status: 400,
    kind: "input",
    retryable: false,
    summary: "The command line does not have the form this command takes.",
    fix: "Run the command with --help.",
  },
  confirmation_required: {
    status: 400,
    kind: "input",
    retryable: false,
    summary: "This change must be confirmed.",
    fix: "Repeat it with --yes.",
  },
  config_invalid: {
    status: 400,
    kind: "input",
    retryable: false,
    summary: "A configuration value is missing or wrong.",
    fix: "Set the variable or field the message names.",
  },
  data_invalid: {
    status: 400,
    kind: "input",
    retryable: false,
    summary: "The data file cannot be read as what it should be.",
    fix: "Correct what the message names, or choose another file.",
  },

  // Flags and flag sets
  flag_not_found: {
    status: 404,
    kind: "input",
    retryable: false,
    summary: "No flag has this key.",
    fix: "List the flags and check the spelling.",
  },
  flag_locked: {
    status: 409,
    kind: "state",
    retryable: false,
    summary: "The catalogue fixes this flag; it cannot be set.",
    fix: "Leave it: the message says why it is locked.",
  },
  flag_owned_by_rollout: {
    status: 409,
    kind: "state",
    retryable: false,
    summary: "A running rollout owns this flag's exposure.",
    fix: "Pause and roll back the rollout, or wait until it ends.",
  },
  flag_type_mismatch: {
    status: 400,
    kind: "input",
    retryable: false,
    summary: "The value is not one of the flag's variants.",
    fix: "Use one of the values the message lists.",
  },
  flag_set_invalid: {
    status: 400,
    kind: "input",
    retryable: false,
    summary: "The flag set has faults; the one in force stays.",
    fix: "Correct every fault the message lists by JSON pointer.",
  },
  flag_set_conflict: {
    status: 409,
    kind: "state",
    retryable: true,
    summary: "The flag set has changed since the version the change was made for.",
    fix: "Read the flag set again and repeat the change.",
  },
  set_id_changed: {
    status: 409,
    kind: "state",
    retryable: false,
    summary: "The store now holds another flag set than the one this process follows.",
    fix: "Accept the new set by explicit command, or point the store back.",
  },
  version_went_back: {
    status: 409,
    kind: "state",
    retryable: false,
    summary: "The store holds an older version of the flag set than this process already follows.",
    fix: "Bring the store back to its newest version; the newer set stays in force until then.",
  },
  environment_not_found: {
    status: 404,
    kind: "input",
    retryable: false,
    summary: "No environment has this name.",
    fix: "List the environments, or create it first.",
  },
  environment_exists: {
    status: 409,
    kind: "state",
    retryable: false,
    summary: "An environment with this name exists.",
    fix: "Choose another name.",
  },

  // Stages
  stage_not_found: {
    status: 404,
    kind: "input",
    retryable: false,
    summary: "No stage has this name.",
    fix: "Use one of: dark, shadow, canary, active.",
  },
  stage_order: {
    status: 409,
    kind: "state",
    retryable: false,
    summary: "Stages are climbed one at a time.",
    fix: "Enter the stage the message names first.",
  },
  stage_precondition: {
    status: 409,
    kind: "state",
    retryable: false,
    summary: "The stage's precondition does not hold.",
    fix: "Complete what the message names, or force the stage.",
  },

  // Kills
  kill_not_found: {
    status: 404,
    kind: "input",
    retryable: false,
    summary: "Nothing in force matches this kill.",
    fix: "List the kills in force.",
  },

  // Rollouts
  plan_not_found: {
    status: 404,
    kind: "input",
    retryable: false,
    summary: "No rollout plan has this name.",
    fix: "Use one of: safe, fast, instant, custom.",
  },
  plan_invalid: {
    status: 400,
    kind: "input",
    retryable: false,
    summary: "The rollout plan has faults.",
    fix: "Correct every fault the message lists.",
  },
  rollout_not_found: {
    status: 404,
    kind: "input",
    retryable: false,
    summary: "There is no such rollout.",
    fix: "List the rollouts.",
  },
  rollout_exists: {
    status: 409,
    kind: "state",
    retryable: false,
    summary: "This flag has an unfinished rollout.",
    fix: "Roll it back or let it finish before starting another.",
  },
  rollout_precondition: {
    status: 409,
    kind: "state",
    retryable: false,
    summary: "Nobody would get the flag, so there is nothing to roll out.",
    fix: "Run the command the message names first; --force starts it all the same, for processes that turn on by themselves what the flag needs.",
  },
  rollout_not_active: {
    status: 409,
    kind: "state",
    retryable: false,
    summary: "The rollout is not in a state that allows this.",
    fix: "Look at its status first.",
  },

  // Control plane and its storage
  read_only_mode: {
    status: 503,
    kind: "state",
    retryable: false,
    summary: "The control plane is in read-only mode.",
    fix: "Leave the mode first; kill, rollback and stage dark work all the same.",
  },
  storage_unavailable: {
    status: 503,
    kind: "unavailable",
    retryable: true,
    summary: "The control plane cannot write to its database.",
    fix: "Free disk space or restore write access; kills work all the same.",
  },
  storage_locked: {
    status: 503,
    kind: "state",
    retryable: false,
    summary: "Another control plane has this data folder open.",
    fix: "Stop the other process, or choose another data folder.",
  },
  server_unreachable: {
    status: 503,
    kind: "unavailable",
    retryable: true,
    summary: "The control plane did not answer.",
    fix: "Start it with 'dimmer up', or set DIMMER_URL to where it runs.",
  },
  store_unreadable: {
    status: 503,
    kind: "unavailable",
    retryable: true,
    summary: "A flag store could not be read; the last good snapshot stays in force.",
    fix: "Restore the store the message names.",
  },
  store_unwritable: {
    status: 503,
    kind: "unavailable",
    retryable: true,
    summary: "A store could not be written; nothing in it has changed.",
    fix: "Free disk space, or restore write access to what the message names.",
  },

  // Gateway admission, in the order in which it is checked
  emergency_shutdown: {
    status: 503,
    kind: "state",
    retryable: true,
    summary: "The gateway is shut down by an emergency flag or a kill of everything.",
    fix: "Turn the flag 'emergency_shutdown' off, or revive the kill, when the emergency is over.",
  },
  maintenance_mode: {
    status: 503,
    kind: "state",
    retryable: true,
    summary: "The gateway is in maintenance.",
    fix: "Try again when the flag 'maintenance_mode' is off.",
  },
  read_only_refused: {
    status: 503,
    kind: "state",
    retryable: true,
    summary: "In read-only mode the gateway serves plain completions; this request writes or acts.",
    fix: "Send the request without tools, or leave read-only mode.",
  },
  egress_disabled: {
    status: 503,
    kind: "state",
    retryable: true,
    summary: "No call may leave the gateway: AI egress is off.",
    fix: "Enter the stage 'shadow', or turn the flag 'ai.egress.enabled' on.",
  },
  model_not_found: {
    status: 404,
    kind: "input",
    retryable: false,
    summary: "No route has this name.",
    fix: "Use a name that GET /v1/models lists.",
  },
  route_killed: {
    status: 503,
    kind: "state",
    retryable: true,
    summary: "The route is killed.",
    fix: "Use another route, or revive it.",
  },
  tenant_killed: {
    status: 503,
    kind: "state",
    retryable: true,
    summary: "The tenant is killed.",
    fix: "Revive the tenant.",
  },
  tool_killed: {
    status: 503,
    kind: "state",
    retryable: true,
    summary: "A tool the request offers is killed.",
    fix: "Send the request without the tool, or revive it.",
  },
  provider_disabled: {
    status: 503,
    kind: "state",
    retryable: true,
    summary: "Every provider of this route is turned off.",
    fix: "Turn one of the provider flags the message names on.",
  },
  provider_killed: {
    status: 503,
    kind: "state",
    retryable: true,
    summary: "Every provider of this route that is turned on is killed.",
    fix: "Revive one of the providers the message names.",
  },
  model_killed: {
    status: 503,
    kind: "state",
    retryable: true,
    summary: "Every model of this route is killed.",
    fix: "Revive one of the models the message names.",
  },

  // Requests that end early, or never begin
  overloaded: {
    status: 503,
    kind: "unavailable",
    retryable: true,
    summary: "The gateway is answering as many requests as it may at a time.",
    fix: "Wait as long as Retry-After says; raise limits.concurrentRequests, or run another gateway.",
  },
  request_aborted: {
    status: 499,
    kind: "input",
    retryable: false,
    summary: "The caller closed the connection before the answer was complete.",
    fix: "Wait for the answer.",
  },
  shutting_down: {
    status: 503,
    kind: "unavailable",
    retryable: true,
    summary: "The gateway is stopping.",
    fix: "Send the request again; another instance, or the restarted one, takes it.",
  },

  // Calls to providers
  provider_timeout: {
    status: 504,
    kind: "unavailable",
    retryable: true,
    summary: "No provider answered in time.",
    fix: "Try again; raise the timeout if the model needs longer.",
  },
  provider_refused: {
    status: 502,
    kind: "unavailable",
    retryable: false,
    summary: "The provider refused the request.",
    fix: "Correct what the provider's message names.",
  },
  provider_rate_limited: {
    status: 429,
    kind: "unavailable",
    retryable: true,
    summary: "The provider takes no more requests for now.",
    fix: "Wait as long as Retry-After says, or add a provider to the route.",
  },
  provider_failed: {
    status: 502,
    kind: "unavailable",
    retryable: true,
    summary: "Every provider of this route failed.",
    fix: "Try again; look at the providers' health in the metrics.",
  },
  stream_cut: {
    status: 502,
    kind: "unavailable",
    retryable: true,
    summary: "The provider's stream ended before its answer was complete.",
    fix: "Send the request again; the part already received is not the whole answer.",
  },
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
