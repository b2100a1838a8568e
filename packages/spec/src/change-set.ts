/** Edits of one environment's flags that land together or not at all. */
import { z } from "zod";
import { flag, flagValue, strategy } from "./flag-set.ts";

/** One edit of one flag. */
export const edit = z.discriminatedUnion("type", [
  z
    .strictObject({ type: z.literal("serve"), flag: z.string(), value: flagValue })
    .describe("Serve one variant, named by its value, to everyone: sets the default variant and drops the strategy"),
  z
    .strictObject({ type: z.literal("expose"), flag: z.string(), strategy })
    .describe("Expose the on-variant by a strategy"),
  z
    .strictObject({ type: z.literal("put"), flag: z.string(), definition: flag })
    .describe("Create the flag, or replace its whole definition"),
  z.strictObject({ type: z.literal("remove"), flag: z.string() }),
]);
export type Edit = z.infer<typeof edit>;

/** What a caller asks for. */
export const changeSetRequest = z.strictObject({
  edits: z.array(edit).min(1).max(5000),
  reason: z.string().max(1024).default(""),
  ifVersion: z.int().optional().describe("Land only if the flag set is still at this version"),
});
export type ChangeSetRequest = z.input<typeof changeSetRequest>;

/** What became of it: the version that holds the edits, and the command that takes them back. */
export const changeResult = z.object({
  version: z.int(),
  changed: z.array(z.string()).describe("Keys of the flags whose definition changed"),
  undo: z
    .string()
    .optional()
    .describe("The dimmer command that restores the state before; absent when nothing changed"),
});
export type ChangeResult = z.infer<typeof changeResult>;
