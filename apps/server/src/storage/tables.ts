/**
 * What the control plane stores, as Kysely types. Times are unix milliseconds, documents are JSON text, truth values
 * are 0 and 1: types that every SQL database has.
 */
import type { Generated } from "kysely";

interface EnvironmentRow {
  name: string;
  created_at_ms: number;
}

interface FlagSetRow {
  environment: string;
  set_id: string;
  version: number;
  hash: string;
  /** What a flag set holds besides its flags: bucketing, metadata, $evaluators. */
  document: string;
}

interface FlagRow {
  environment: string;
  key: string;
  /** Keeps the order in which flags were defined. */
  position: number;
  definition: string;
}

interface FlagHistoryRow {
  environment: string;
  key: string;
  version: number;
  at_ms: number;
  author: string;
  reason: string;
  /** null: the flag did not exist at this version. */
  definition: string | null;
}

interface StageRow {
  environment: string;
  stage: string;
  entered_at_ms: number;
  entered_by: string;
}

interface AuditRow {
  id: Generated<number>;
  environment: string;
  at_ms: number;
  author: string;
  action: string;
  target: string;
  reason: string;
  version: number | null;
  undo: string | null;
}

/** One change that readers of the stream have to hear of; written with the change, deleted some time after delivery. */
interface OutboxRow {
  id: Generated<number>;
  environment: string;
  topic: string;
  subject: string;
}

interface TokenRow {
  id: string;
  name: string;
  /** SHA-256 of the secret, hex. */
  hash: string;
  scopes: string;
  environment: string | null;
  created_at_ms: number;
  expires_at_ms: number | null;
}

interface RolloutRow {
  id: string;
  environment: string;
  flag: string;
  attempt: number;
  status: string;
  /** The whole rollout as the wire shows it, evidence included. */
  document: string;
  /** Id of the last observation that is part of the evidence. */
  observed_through: number;
  started_at_ms: number;
  /** null: nothing is left to do. */
  next_run_at_ms: number | null;
  lease_owner: string | null;
  lease_until_ms: number | null;
  /** Rises with every lease and every write: a writer that was overtaken matches no row. */
  fence: number;
}

interface RolloutPointRow {
  id: Generated<number>;
  rollout: string;
  at_ms: number;
  weight_percent: number;
  canary: string;
  baseline: string;
}

interface ObservationRow {
  id: Generated<number>;
  environment: string;
  flag: string;
  set_version: number;
  variant: string;
  instance_boot_id: string;
  sequence: number;
  /** The tick: when the server took it in. */
  at_ms: number;
  requests: number;
  errors: number;
  latency: string;
  input_tokens: number;
  output_tokens: number;
  cost_micro_usd: number;
}

/** Up to where the observations of one instance boot were dropped after use; those are still known as duplicates. */
interface ObservationMarkRow {
  environment: string;
  instance_boot_id: string;
  dropped_through: number;
  at_ms: number;
}

export interface Tables {
  environments: EnvironmentRow;
  flag_sets: FlagSetRow;
  flags: FlagRow;
  flag_history: FlagHistoryRow;
  stages: StageRow;
  audit: AuditRow;
  outbox: OutboxRow;
  tokens: TokenRow;
  rollouts: RolloutRow;
  rollout_points: RolloutPointRow;
  observations: ObservationRow;
  observation_marks: ObservationMarkRow;
}
