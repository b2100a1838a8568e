/** A flag file's text as a reading, or an error that names its line. */
import { DimmerError } from "@dimmer/spec/errors";
import type { Reading } from "../ports.ts";
import { findJsonFault, findPointer, indexJson, placeOf } from "./json-text.ts";
import type { TextFault } from "./json-text.ts";

/** Whether a path ends as YAML files do. */
export function isYamlPath(path: string): boolean {
  return /\.ya?ml$/i.test(path);
}

/** Throws `flag_set_invalid` with file, line and column for a text that is no JSON or YAML. */
export async function parseFlagText(path: string, text: string, modifiedAtMs: number): Promise<Reading> {
  const clean = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const content = isYamlPath(path) ? await readYaml(path, clean) : readJson(path, clean);
  return {
    document: content.document,
    origin: path,
    modifiedAtMs,
    locate: (pointer) => {
      const offset = findPointer(content.offsets(), pointer);
      return offset === undefined ? undefined : placeOf(clean, offset);
    },
  };
}

interface Content {
  readonly document: unknown;
  readonly offsets: () => ReadonlyMap<string, number>;
}

function readJson(path: string, text: string): Content {
  const fault = findJsonFault(text);
  if (fault !== undefined) throw invalid(path, text, fault, "JSON");
  const document: unknown = JSON.parse(text);
  return { document, offsets: () => indexJson(text) };
}

async function readYaml(path: string, text: string): Promise<Content> {
  const { parseYaml } = await import("./yaml-text.ts");
  const parsed = parseYaml(text);
  if (!parsed.ok) throw invalid(path, text, parsed.fault, "YAML");
  return { document: parsed.value, offsets: () => parsed.offsets };
}

function invalid(path: string, text: string, fault: TextFault, format: string): DimmerError {
  const { line, column } = placeOf(text, fault.offset);
  return new DimmerError(
    "flag_set_invalid",
    `${path}:${line}:${column} is not ${format}: ${fault.message}. The flag set in force stays.`,
    { path, line, column },
  );
}
