/** What any request, command line or document can get wrong, whatever it is about. */
import type { ErrorDefinition } from "./error-definition.ts";

export const requestErrors = {
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
    fix: "Send 'Authorization: Bearer <token>'; 'dimmer tokens create' makes one. The CLI finds the token of a local server by itself.",
  },
  forbidden: {
    status: 403,
    kind: "auth",
    retryable: false,
    summary: "The token does not carry the scope this call needs.",
    fix: "Use a token that is good for what the message names: 'dimmer tokens create --scope <scope>' makes one.",
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
} as const satisfies Record<string, ErrorDefinition>;
