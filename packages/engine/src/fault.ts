/** Something wrong with a flag set, found when it is loaded. A set with any fault is refused whole. */
export interface Fault {
  /** JSON pointer (RFC 6901) to the place, e.g. `/flags/checkout/variants`. */
  readonly pointer: string;
  /** What is wrong there, in one sentence. */
  readonly message: string;
  /** The offending value, when it is a string, number, boolean or null. */
  readonly value?: string | number | boolean | null;
  /** What to do about it. */
  readonly fix: string;
}
