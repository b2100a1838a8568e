/** Where flag sets and kills live: the ports. Implementations are subpaths, so that each loads only what it needs. */
export type { KillListener, KillStore, Place, Reading, StoreListener, StoreReader, StoreWriter } from "./ports.ts";
export { backgroundClock } from "./background-clock.ts";
export { applyEdit, applyEdits, canApplyEdit } from "./apply-edits.ts";
