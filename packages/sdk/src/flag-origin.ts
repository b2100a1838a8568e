/** Where a flag's answer came from. */
export interface FlagOrigin {
  readonly source: string;
  readonly version: number;
  readonly ageMs: number;
  readonly isStale: boolean;
}
