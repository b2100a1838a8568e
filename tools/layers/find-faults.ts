// All that the layer check finds in a repository, as lines of the form `file:line: what, and what to do`.
import { findImportFaults } from "./import-faults.ts";
import { findManifestFaults } from "./manifest-faults.ts";
import type { Repository } from "./repository.ts";
import { isTestFile } from "./resolve-specifier.ts";
import type { Room } from "./rooms.ts";

const vagueNames = new Set(["util", "utils", "helper", "helpers", "common", "manager", "misc", "shared"]);

/** All faults of the repository; an empty list when it keeps the table and the manners. */
export function findFaults(repository: Repository, rooms: readonly Room[]): string[] {
  return [
    ...findImportFaults(repository, rooms),
    ...findManifestFaults(repository, rooms),
    ...findMannerFaults(repository, rooms),
  ];
}

/** Names that say nothing, exports that hide what is public, and clocks read where there is none. */
function findMannerFaults({ sources }: Repository, rooms: readonly Room[]): string[] {
  const purePlaces = rooms.filter((room) => room.isPure === true).map((room) => `${room.place}/`);
  return [...sources].flatMap(([file, source]) => {
    const vague = file.split("/").find((part) => part.split(/[-.]/).some((word) => vagueNames.has(word)));
    const clockReads = purePlaces.some((place) => file.startsWith(place)) && !isTestFile(file) ? source.clockReads : [];
    return [
      ...(vague === undefined ? [] : [`${file}:1: "${vague}" says nothing; name it for what it holds`]),
      ...source.starExports.map((line) => `${file}:${line}: \`export *\` hides what is public; name it`),
      ...clockReads.map((line) => `${file}:${line}: this package has no clock; take \`now\` as an argument`),
    ];
  });
}
