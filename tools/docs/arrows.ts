// The table of rooms in ARCHITECTURE.md says what tools/layers/rooms.ts says. With --fix its last column is rewritten.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { checkRoomTable } from "../check/room-table.ts";
import { rooms } from "../layers/rooms.ts";

const file = resolve(import.meta.dirname, "../../ARCHITECTURE.md");
const text = readFileSync(file, "utf8");
const { faults, repaired } = checkRoomTable(text, rooms);

if (process.argv.includes("--fix") && repaired !== text) writeFileSync(file, repaired);
else {
  for (const fault of faults) console.log(`ARCHITECTURE.md:${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}
