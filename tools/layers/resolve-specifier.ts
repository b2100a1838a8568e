// What a specifier in a file stands for: a file of this repository, an external package, or a way around `exports`.
import { posix } from "node:path";
import type { Workspace } from "./repository.ts";

/** The goal of an import. */
export type Target =
  | { kind: "file"; file: string }
  | { kind: "package"; name: string }
  | { kind: "fault"; reason: string };

/** Finds the goal of an import in a file. */
export function resolveSpecifier(workspaces: readonly Workspace[], from: string, specifier: string): Target {
  if (specifier.startsWith(".")) {
    const file = posix.join(posix.dirname(from), specifier);
    const isAtHome = workspaceOf(workspaces, file) === workspaceOf(workspaces, from);
    if (isAtHome) return { kind: "file", file };
    return { kind: "fault", reason: `"${specifier}" leaves its package; import the other one by its name` };
  }
  const name = packageOf(specifier);
  const workspace = workspaces.find((candidate) => candidate.name === name);
  if (workspace === undefined) return { kind: "package", name };
  const file = workspace.entries.get(specifier);
  if (file !== undefined) return { kind: "file", file };
  const offered = [...workspace.entries.keys()].filter((entry) => !entry.endsWith("package.json")).join(", ");
  return { kind: "fault", reason: `"${specifier}" is not an export of ${name}, which offers ${offered || "nothing"}` };
}

/** The workspace a file lies in; undefined for tools, benches and the like. */
export function workspaceOf(workspaces: readonly Workspace[], file: string): Workspace | undefined {
  return workspaces.find(({ folder }) => file.startsWith(`${folder}/`));
}

/** `@scope/name/sub` → `@scope/name`, `name/sub` → `name`. */
export function packageOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

/** True for tests and for the suites and fixtures they share, which may use anything their package.json declares. */
export function isTestFile(file: string): boolean {
  return /(\.test|\.contract|\.bench)\.tsx?$|\/contract\.ts$|\/(test|fixtures)\//.test(file);
}
