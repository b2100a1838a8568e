/** The stages' names in order; zod-free. */

/** Lowest first. Climbed one at a time; left downwards to any; dark from anywhere at once. */
export const stageNames = ["dark", "shadow", "canary", "active"] as const;
export type StageName = (typeof stageNames)[number];
