/** The stage as a dial of four positions. */
import { stageNames } from "@dimmer/spec/stages";
import type { StageStatus } from "@dimmer/spec";
import type { Output } from "./output.ts";

/** `○ dark ── ● shadow ── ○ canary ── ○ active`, and the drift. */
export function drawStageDial(status: StageStatus, output: Output): string {
  const reached = stageNames.indexOf(status.current);
  const dial = stageNames.map((name, index) => {
    if (index === reached) return output.paint("bold", `● ${name}`);
    return output.paint("dim", `${index < reached ? "•" : "○"} ${name}`);
  });
  const drift =
    status.drift.length === 0 ? [] : [`  ${output.paint("yellow", "changed since")}: ${status.drift.join(", ")}`];
  return [dial.join(output.paint("dim", " ── ")), ...drift].join("\n");
}
