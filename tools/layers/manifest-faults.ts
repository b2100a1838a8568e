// Compares what the packages import of each other with what their package.json declares. External packages are knip's
// to judge.
import type { Repository, Workspace } from "./repository.ts";
import { isTestFile, packageOf } from "./resolve-specifier.ts";
import type { Room } from "./rooms.ts";

/** Dependencies on workspaces that are undeclared, unused, declared in the wrong place, or against an arrow. */
export function findManifestFaults({ workspaces, sources }: Repository, rooms: readonly Room[]): string[] {
  return workspaces.flatMap((workspace) => {
    const at = `${workspace.folder}/package.json`;
    const own = rooms.filter(({ place }) => `${place}/`.startsWith(`${workspace.folder}/`));
    if (own.length === 0) return [`${at}: ${workspace.name} has no room; give it a row in tools/layers/rooms.ts`];

    const files = [...sources].filter(([file]) => file.startsWith(`${workspace.folder}/`));
    if (files.length === 0) return []; // an empty room owes nothing yet
    const importedBy = (isWanted: (file: string) => boolean): Set<string> => {
      const imports = files.filter(([file]) => isWanted(file)).flatMap(([, source]) => source.imports);
      return new Set(imports.map(({ specifier }) => packageOf(specifier)));
    };
    const used = { inSource: importedBy((file) => !isTestFile(file)), inTests: importedBy(isTestFile) };
    const arrows = own.flatMap((room) => room.imports).map(packageOf);

    return workspaces.flatMap(({ name }) => {
      if (name === workspace.name) return [];
      const isForbidden = workspace.dependencies.includes(name) && !arrows.includes(name);
      const fault = isForbidden
        ? "is a dependency against the arrows (tools/layers/rooms.ts)"
        : judge(name, workspace, used);
      return fault === undefined ? [] : [`${at}: ${name} ${fault}`];
    });
  });
}

function judge(
  name: string,
  { dependencies, devDependencies }: Workspace,
  { inSource, inTests }: { inSource: ReadonlySet<string>; inTests: ReadonlySet<string> },
): string | undefined {
  if (dependencies.includes(name)) {
    if (inSource.has(name)) return undefined;
    const remedy = inTests.has(name) ? "move it to devDependencies" : "remove it";
    return `is in dependencies and no source imports it; ${remedy}`;
  }
  if (inSource.has(name)) return "is imported and not in dependencies; add it";
  if (inTests.has(name) && !devDependencies.includes(name)) {
    return "is imported by tests and not declared; add it to devDependencies";
  }
  if (!inTests.has(name) && devDependencies.includes(name))
    return "is in devDependencies and no test imports it; remove it";
  return undefined;
}
