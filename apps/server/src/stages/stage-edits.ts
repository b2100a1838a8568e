/** What entering a stage does to the flags as they are. */
import type { Edit, FlagDefinitions, Stage } from "@dimmer/spec";
import { canApplyEdit } from "@dimmer/stores";

type Flags = FlagDefinitions["flags"];

/**
 * The stage's assignments. A flag that was removed, or redefined so that its assignment makes no sense any more, gets
 * its catalogue definition back first: `dark` must not fail because somebody deleted a switch.
 */
export function stageEdits(stage: Stage, present: Flags, catalogue: Flags): Edit[] {
  return stage.assignments.flatMap((assignment) => {
    if (canApplyEdit(present[assignment.flag], assignment)) return [assignment];
    const definition = catalogue[assignment.flag];
    return definition === undefined ? [assignment] : [{ type: "put", flag: assignment.flag, definition }, assignment];
  });
}
