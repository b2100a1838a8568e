/** Stages: an ordered list of named, complete flag assignments; entering one is one atomic change set. */
import { z } from "zod";
import { edit } from "./change-set.ts";
import { stageNames } from "./stage-names.ts";

export const stageName = z.enum(stageNames);

/** A stage as data: what every flag of the sequence serves in it. */
export const stage = z.strictObject({ name: stageName, summary: z.string(), assignments: z.array(edit) });
export type Stage = z.infer<typeof stage>;

/** Where an environment stands. */
export const stageStatus = z.object({
  current: stageName,
  enteredAt: z.iso.datetime(),
  enteredBy: z.string(),
  drift: z.array(z.string()).describe("Flags that were changed since and no longer serve what the stage assigns"),
});
export type StageStatus = z.infer<typeof stageStatus>;

export const enterStageRequest = z.strictObject({
  stage: stageName,
  reason: z.string().max(1024).default(""),
  force: z
    .boolean()
    .default(false)
    .describe("Enter although the stage's precondition does not hold, or skipping stages"),
});
export type EnterStageRequest = z.input<typeof enterStageRequest>;
