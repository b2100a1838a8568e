/** The names of what is kept in the query cache. */
export const queryKeys = {
  environments: ["environments"],
  status: (environment: string) => ["status", environment],
  flags: (environment: string) => ["flags", environment],
  audit: (environment: string) => ["audit", environment],
  /** Of one flag; of all of them without one. */
  attempts: (environment: string, flag?: string) => ["attempts", environment, ...(flag === undefined ? [] : [flag])],
  rolloutHistory: (environment: string, rolloutId: string) => ["rollout-history", environment, rolloutId],
} as const;
