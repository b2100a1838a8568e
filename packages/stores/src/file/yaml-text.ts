/** YAML text with places. Loads the YAML package: import it only when there is YAML. */
import { LineCounter, isMap, isSeq, isScalar, parseDocument } from "yaml";
import type { Document, ParsedNode } from "yaml";
import { escapePointer, type TextFault } from "./json-text.ts";

export type ParsedYaml =
  | {
      readonly ok: true;
      readonly value: unknown;
      readonly offsets: ReadonlyMap<string, number>;
      readonly document: Document.Parsed;
    }
  | { readonly ok: false; readonly fault: TextFault };

/** Parses YAML 1.2, core schema: dates stay texts, keys are unique, one document. */
export function parseYaml(text: string): ParsedYaml {
  const document = parseDocument(text, { lineCounter: new LineCounter(), prettyErrors: false, uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) return { ok: false, fault: { offset: error.pos[0], message: firstLine(error.message) } };
  const offsets = new Map<string, number>();
  index(document.contents, "", offsets);
  try {
    return { ok: true, value: document.toJS(), offsets, document };
  } catch (thrown) {
    // Aliases that multiply beyond the package's bound.
    return { ok: false, fault: { offset: 0, message: thrown instanceof Error ? thrown.message : String(thrown) } };
  }
}

function index(node: ParsedNode | null, pointer: string, offsets: Map<string, number>): void {
  if (node === null) return;
  offsets.set(pointer, node.range[0]);
  if (isMap(node)) {
    for (const pair of node.items) {
      const name = isScalar(pair.key) ? String(pair.key.value) : undefined;
      if (name !== undefined) index(pair.value, `${pointer}/${escapePointer(name)}`, offsets);
    }
  } else if (isSeq(node)) {
    for (const [at, item] of node.items.entries()) index(item, `${pointer}/${at}`, offsets);
  }
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0] ?? message;
}
