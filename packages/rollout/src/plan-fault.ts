/** One thing wrong with a plan that its schema cannot see. */
export interface PlanFault {
  /** JSON pointer (RFC 6901) to the place in the plan, e.g. `/steps/2/weightPercent`. */
  readonly pointer: string;
  /** What is wrong there, in one sentence. */
  readonly message: string;
  readonly value: number;
  /** What to do about it. */
  readonly fix: string;
}
