// The repository as the layer check sees it: workspaces with their manifests, and every source file with its imports.
import { readdirSync, readFileSync } from "node:fs";
import type { Dirent } from "node:fs";
import { join } from "node:path";
import { readSource } from "./read-source.ts";
import type { Source } from "./read-source.ts";

/** One workspace package. */
export type Workspace = {
  name: string;
  /** Path under the repository root, with forward slashes. */
  folder: string;
  dependencies: readonly string[];
  devDependencies: readonly string[];
  /** Import name (`@dimmer/spec/errors`) → file under the repository root. */
  entries: ReadonlyMap<string, string>;
};

/** Everything the layer check judges. File paths are relative to the root, with forward slashes. */
export type Repository = {
  workspaces: readonly Workspace[];
  sources: ReadonlyMap<string, Source>;
};

type Manifest = {
  name: string;
  exports?: Record<string, unknown>;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
};

const otherFolders = ["tools", "bench", "conformance", "examples", "infra"];
const skipped = new Set(["node_modules", "dist", ".dimmer", ".cache"]);

/** Reads the repository under `root`. A folder that does not exist is an empty one. */
export function readRepository(root: string): Repository {
  const workspaces = ["packages", "apps"].flatMap((parent) =>
    list(join(root, parent)).flatMap((entry) => readWorkspace(root, `${parent}/${entry.name}`)),
  );
  const sources = new Map<string, Source>();
  for (const folder of [...workspaces.map((workspace) => workspace.folder), ...otherFolders]) {
    for (const file of sourceFiles(root, folder)) {
      sources.set(file, readSource(file, readFileSync(join(root, file), "utf8")));
    }
  }
  return { workspaces, sources };
}

function readWorkspace(root: string, folder: string): Workspace[] {
  if (!list(join(root, folder)).some((entry) => entry.name === "package.json")) return [];
  // npm has refused a manifest of another shape before this runs.
  const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest;
  const entries = Object.entries(manifest.exports ?? {}).flatMap(([key, target]): [string, string][] =>
    typeof target === "string" ? [[manifest.name + key.slice(1), `${folder}/${target.replace(/^\.\//, "")}`]] : [],
  );
  return [
    {
      name: manifest.name,
      folder,
      dependencies: Object.keys({ ...manifest.peerDependencies, ...manifest.dependencies }),
      devDependencies: Object.keys(manifest.devDependencies ?? {}),
      entries: new Map(entries),
    },
  ];
}

function sourceFiles(root: string, folder: string): string[] {
  return list(join(root, folder)).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : sourceFiles(root, path);
    return /\.(ts|tsx|mts|mjs|js)$/.test(entry.name) ? [path] : [];
  });
}

/** The entries of a folder by name; none when there is no such folder. */
function list(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return [];
    throw error;
  }
}
