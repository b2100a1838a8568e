// Holds every import and every package.json against the table of arrows (tools/layers/rooms.ts).
//   node tools/check-layers.ts           prints the faults and exits 1 if there are any
//   node tools/check-layers.ts --print   prints the table as a mermaid picture
import { dirname } from "node:path";
import { findFaults } from "./layers/find-faults.ts";
import { drawRooms } from "./layers/picture.ts";
import { readRepository } from "./layers/repository.ts";
import { rooms } from "./layers/rooms.ts";

if (process.argv.includes("--print")) {
  process.stdout.write(drawRooms(rooms));
} else {
  const faults = findFaults(readRepository(dirname(import.meta.dirname)), rooms);
  for (const fault of faults) console.log(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
