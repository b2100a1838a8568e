// The table of rooms in ARCHITECTURE.md, whose last column must say what tools/layers/rooms.ts says.
import type { Room } from "../layers/rooms.ts";

/** What the "may import" cell of a package says, parts of it with arrows of their own in brackets. */
export function describeArrows(place: string, rooms: readonly Room[]): string {
  const short = (name: string): string => name.replace("@dimmer/", "");
  const list = (names: readonly string[]): string => names.map(short).join(", ");
  const room = rooms.find((candidate) => candidate.place === place);
  if (room === undefined) return "–";
  const own = room.imports.length === rooms.length - 1 ? "everything" : list(room.imports) || "–";
  const parts = rooms
    .filter((part) => part.place.startsWith(`${place}/`))
    .map((part) => {
      const more = part.imports.filter((name) => name !== room.name && !room.imports.includes(name));
      return ` (\`${part.name.slice(room.name.length)}\`: ${list(more)})`;
    });
  return own + parts.join("");
}

/** Compares the rows `| [packages/x](packages/x) | … | arrows |` of a document with the rooms, and writes them anew. */
export function checkRoomTable(text: string, rooms: readonly Room[]): { faults: string[]; repaired: string } {
  const faults: string[] = [];
  const seen = new Set<string>();
  const lines = text.split("\n").map((line, index) => {
    const [, start = "", place = "", cell = ""] =
      /^(\| \[[^\]]+\]\(((?:packages|apps)\/[^)]+)\) \|.*\| )([^|]*) \|$/.exec(line) ?? [];
    if (place === "") return line;
    seen.add(place);
    const wanted = describeArrows(place, rooms);
    if (cell !== wanted) faults.push(`${index + 1}: ${place} may import "${wanted}", not "${cell}"`);
    return `${start}${wanted} |`;
  });
  const packages = rooms.map((room) => room.place).filter((place) => place.split("/").length === 2);
  for (const place of packages) {
    if (!seen.has(place))
      faults.push(`1: the table of rooms has no row | [${place}](${place}) | … | ${describeArrows(place, rooms)} |`);
  }
  return { faults, repaired: lines.join("\n") };
}
