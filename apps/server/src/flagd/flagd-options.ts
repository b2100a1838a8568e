/** What of flagd is served, and where; apart from the server itself, which is loaded only when some of it is. */

export interface FlagdOptions {
  /** Port of `flagd.sync.v1`, whose usual one is 8015; 0: any free one. @defaultValue not served */
  readonly syncPort?: number | undefined;
  /** Port of `flagd.evaluation.v1` and `v2`, whose usual one is 8013; 0: any free one. @defaultValue not served */
  readonly evaluationPort?: number | undefined;
  /**
   * Whether callers without a token are served: flagd's own clients cannot send one.
   *
   * @defaultValue true where only this machine can reach the server
   */
  readonly isOpen?: boolean | undefined;
}

/** The ports in use. */
export interface FlagdPorts {
  readonly syncPort?: number;
  readonly evaluationPort?: number;
}
