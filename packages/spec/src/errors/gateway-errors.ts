/** What the gateway refuses or cannot do. */
import type { ErrorDefinition } from "./error-definition.ts";

export const gatewayErrors = {
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
