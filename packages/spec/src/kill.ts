/** Kills and revives as they cross a process boundary. The laws of merging them are in kill-set.ts. */
import { z } from "zod";

/** What a kill can stop. `all` stops every provider call. */
export const killScope = z.enum(["all", "provider", "model", "route", "flag", "tenant", "tool"]);
export type KillScope = z.infer<typeof killScope>;

/** One kill. Never edited, only revived by another record. */
export const kill = z.strictObject({
  id: z.string().min(1).max(64),
  scope: killScope,
  target: z.string().min(1).max(256).describe("Name of what is killed; '*' for scope all"),
  by: z.string().max(256),
  reason: z.string().max(1024),
  at: z.iso.datetime({ offset: true }),
  expiresAt: z.iso.datetime({ offset: true }).optional().describe("When the kill ends by itself; absent: never"),
});
export type Kill = z.infer<typeof kill>;

/** Takes back exactly the kills it names: those its author had seen. */
export const revive = z.strictObject({
  id: z.string().min(1).max(64),
  killIds: z.array(z.string()).min(1),
  by: z.string().max(256),
  reason: z.string().max(1024),
  at: z.iso.datetime({ offset: true }),
});
export type Revive = z.infer<typeof revive>;

/** Every kill and revive a store knows: an observed-remove set, merged by union. */
export const killSet = z.strictObject({ kills: z.array(kill), revives: z.array(revive) });
export type KillSet = z.infer<typeof killSet>;
