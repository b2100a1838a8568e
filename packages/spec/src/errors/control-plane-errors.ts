/** What the control plane, its stores and the SDK refuse or cannot do. */
import type { ErrorDefinition } from "./error-definition.ts";

export const controlPlaneErrors = {
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
    fix: "'dimmer environments list' shows those there are, 'dimmer environments create <name>' makes one.",
  },
  environment_exists: {
    status: 409,
    kind: "state",
    retryable: false,
    summary: "An environment with this name exists.",
    fix: "Choose another name.",
  },
  token_not_found: {
    status: 404,
    kind: "input",
    retryable: false,
    summary: "No token has this id.",
    fix: "'dimmer tokens list' shows the ids.",
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
} as const satisfies Record<string, ErrorDefinition>;
