/** What a change did, and how to take it back. */
import type { ChangeResult } from "@dimmer/spec";
import type { Output } from "./output.ts";

export function describeChange(result: ChangeResult, output: Output): string {
  if (result.changed.length === 0) return "Nothing had to change.";
  const lines = [`${output.paint("green", "changed")} ${result.changed.join(", ")}: version ${result.version}`];
  if (result.undo !== undefined) lines.push(`  undo: ${result.undo}`);
  return lines.join("\n");
}
