// Draws the table of rooms as the mermaid picture of ARCHITECTURE.md.
import type { Room } from "./rooms.ts";

/** A mermaid flowchart: an arrow means "imports". A room that imports every other is one arrow to all of them. */
export function drawRooms(rooms: readonly Room[]): string {
  const short = (name: string): string => name.replace("@dimmer/", "");
  const id = (name: string): string => short(name).replace("/", "_").replace("-", "_");
  const isTop = (room: Room): boolean => room.imports.length === rooms.length - 1;
  const inside = rooms.filter((room) => !isTop(room));
  return [
    "flowchart TD",
    '  subgraph all[" "]',
    ...inside.map((room) => `    ${id(room.name)}["${short(room.name)}"]`),
    ...inside
      .filter((room) => room.imports.length > 0)
      .map((room) => `    ${id(room.name)} --> ${room.imports.map(id).join(" & ")}`),
    "  end",
    ...rooms.filter(isTop).map((room) => `  ${id(room.name)}["${short(room.name)}"] --> all`),
    "",
  ].join("\n");
}
