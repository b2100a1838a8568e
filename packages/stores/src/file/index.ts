/** Flag files (JSON, YAML) and kill files. Node only. */
export { createFlagFile } from "./flag-file.ts";
export type { FlagFileOptions } from "./flag-file.ts";
export { createKillFile } from "./kill-file.ts";
export type { KillFile, KillFileOptions } from "./kill-file.ts";
export { writeFileAtomically } from "./write-file-atomically.ts";
