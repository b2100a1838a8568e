/** Changes a flag file as a person would: only the flags named, the rest of the text kept as far as its format allows. */
import { readFile, realpath, stat } from "node:fs/promises";
import type { ChangeResult, ChangeSetRequest, Flag } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { nextVersion } from "@dimmer/spec/flag-set-version";
import { applyEdits } from "../apply-edits.ts";
import { isYamlPath, parseFlagText } from "./parse-flag-text.ts";
import { writeFileAtomically } from "./write-file-atomically.ts";

/** Applies a change set. Rejects, with the file as it was, when the file or an edit is at fault. */
export async function editFlagFile(path: string, request: ChangeSetRequest): Promise<ChangeResult> {
  const version = await readVersion(path);
  if (request.ifVersion !== undefined && request.ifVersion !== version) {
    throw new DimmerError("flag_set_conflict", `The file ${path} is at version ${version}, not ${request.ifVersion}.`, {
      version,
    });
  }
  const text = await onDisk(path, "read", () => readFile(path, "utf8"));
  const document = fullDocument(path, (await parseFlagText(path, text, 0)).document);
  const before = document.flags;
  const after = applyEdits(before, request.edits);
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changed = [...keys].filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  if (changed.length === 0) return { version, changed };
  const edited = isYamlPath(path) ? await editYaml(text, after, changed) : editJson(text, document, after);
  // A symlink goes on pointing where it points.
  await onDisk(path, "written", async () => writeFileAtomically(await realpath(path), edited, 0o644));
  return { version: await readVersion(path), changed };
}

/** The version a file without one of its own has: the time it was written, as flag-set versions count it. */
async function readVersion(path: string): Promise<number> {
  const { mtimeMs } = await onDisk(path, "read", () => stat(path));
  return nextVersion(0, mtimeMs);
}

/** A file that can be edited flag by flag. */
type FullDocument = Readonly<Record<string, unknown>> & { readonly flags: Readonly<Record<string, Flag>> };

function fullDocument(path: string, document: unknown): FullDocument {
  if (!isFull(document)) {
    throw new DimmerError(
      "invalid_request",
      `The file ${path} has no 'flags' object, so it is in the short form, which cannot be edited flag by flag. Turn it into a full one first: dimmer init --from ${path}`,
      { path },
    );
  }
  if ("version" in document) {
    throw new DimmerError(
      "invalid_request",
      `The file ${path} holds a control plane's flag set at version ${String(document["version"])}. Change it there, or remove 'setId', 'version' and 'hash' from the file to make it one of its own.`,
      { path },
    );
  }
  return document;
}

// The parse boundary: an edit reads a flag's variants and nothing else; the engine judges the whole when it is read again.
function isFull(document: unknown): document is FullDocument {
  return (
    isObject(document) &&
    isObject(document["flags"]) &&
    Object.values(document["flags"]).every((flag) => isObject(flag) && isObject(flag["variants"]))
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function editJson(text: string, document: FullDocument, flags: Readonly<Record<string, Flag>>): string {
  const indent = /^[ \t]+/m.exec(text)?.[0] ?? "  ";
  return `${JSON.stringify({ ...document, flags }, undefined, indent)}\n`;
}

async function editYaml(
  text: string,
  flags: Readonly<Record<string, Flag>>,
  changed: readonly string[],
): Promise<string> {
  const { parseYaml } = await import("./yaml-text.ts");
  const parsed = parseYaml(text);
  if (!parsed.ok) throw new DimmerError("flag_set_invalid", parsed.fault.message);
  const { document } = parsed;
  for (const key of changed) {
    if (flags[key] === undefined) document.deleteIn(["flags", key]);
    else document.setIn(["flags", key], document.createNode(flags[key]));
  }
  return document.toString();
}

async function onDisk<T>(path: string, verb: "read" | "written", work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const code = verb === "read" ? "store_unreadable" : "store_unwritable";
    throw new DimmerError(code, `The flag file ${path} cannot be ${verb}: ${reason}.`, { path }, { cause: error });
  }
}
