// Holds every import of every source file against the table of rooms.
import type { Import, Source } from "./read-source.ts";
import type { Repository } from "./repository.ts";
import { isTestFile, resolveSpecifier } from "./resolve-specifier.ts";
import type { Target } from "./resolve-specifier.ts";
import type { Room } from "./rooms.ts";

/** Imports that go around `exports`, against an arrow, or to zod where it must not be loaded. */
export function findImportFaults({ workspaces, sources }: Repository, rooms: readonly Room[]): string[] {
  const resolve = (from: string, specifier: string): Target => resolveSpecifier(workspaces, from, specifier);
  const roomOf = roomFinder(rooms);
  const zodRooms = rooms.filter((room) => room.mayLoadZod === true).map((room) => room.name);

  const judge = (file: string, imported: Import): string | undefined => {
    const target = resolve(file, imported.specifier);
    if (target.kind === "fault") return target.reason;
    const room = roomOf(file);
    if (room === undefined || isTestFile(file)) return undefined;
    const avoidsZod = room.mayLoadZod !== true;
    if (target.kind === "package") {
      return target.name === "zod" && avoidsZod ? `zod may be used only in ${zodRooms.join(", ")}` : undefined;
    }
    const other = roomOf(target.file);
    if (other === room) return findFloorFault(room, file, target.file);
    if (other === undefined) return undefined;
    if (!room.imports.includes(other.name)) return `${room.name} may not import ${other.name} (tools/layers/rooms.ts)`;
    if (avoidsZod && !imported.isTypeOnly && loadsZod(target.file, sources, resolve)) {
      return `a value from ${imported.specifier} loads zod here; import only types, or take it from a subpath without zod`;
    }
    return undefined;
  };

  return [...sources].flatMap(([file, source]) =>
    source.imports.flatMap((imported) => {
      const reason = judge(file, imported);
      return reason === undefined ? [] : [`${file}:${imported.line}: ${reason}`];
    }),
  );
}

/** A file belongs to the room with the longest place that holds it. */
function roomFinder(rooms: readonly Room[]): (file: string) => Room | undefined {
  const deepestFirst = rooms.toSorted((a, b) => b.place.length - a.place.length);
  return (file) => deepestFirst.find(({ place }) => file === place || file.startsWith(`${place}/`));
}

/** An import of one room that goes up a floor. */
function findFloorFault({ place, floors = [] }: Room, file: string, target: string): string | undefined {
  const folderOf = (path: string): string => path.slice(`${place}/src/`.length).split("/")[0] ?? "";
  const [from, to] = [folderOf(file), folderOf(target)];
  if (!floors.includes(from) || (floors.includes(to) && floors.indexOf(to) >= floors.indexOf(from))) return undefined;
  return `${place}/src/${from} may not import ${target}, which stands above it (tools/layers/rooms.ts)`;
}

/** True when loading a file loads zod, through whatever it imports by value. */
function loadsZod(
  file: string,
  sources: ReadonlyMap<string, Source>,
  resolve: (from: string, specifier: string) => Target,
): boolean {
  const seen = new Set([file]);
  for (const current of seen) {
    for (const { specifier, isTypeOnly } of sources.get(current)?.imports ?? []) {
      const target = isTypeOnly ? undefined : resolve(current, specifier);
      if (target?.kind === "package" && target.name === "zod") return true;
      if (target?.kind === "file") seen.add(target.file); // a Set goes on to what is added while it is walked
    }
  }
  return false;
}
