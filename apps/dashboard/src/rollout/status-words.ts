/** What the states of an attempt are called. */
import type { RolloutStatus } from "@dimmer/spec";

export const statusWords: Readonly<Record<RolloutStatus, string>> = {
  running: "running",
  paused: "paused",
  succeeded: "completed",
  "rolled-back": "rolled back",
  aborted: "aborted",
};
