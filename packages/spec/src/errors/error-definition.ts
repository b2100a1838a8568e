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
