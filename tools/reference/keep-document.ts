// A document that is made from code: compared with what is committed, or written anew with --fix.
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** Prints a fault and fails the check when `file` (under the repository root) is not the given lines. */
export function keepDocument(file: string, source: string, lines: readonly string[]): void {
  const note = `<!-- Made from ${source}. Do not edit: \`npm run check -- --fix\` writes it. -->`;
  const wanted = `${[note, "", ...lines].join("\n")}\n`;
  const path = join(root, file);
  const found = readIfThere(path);
  if (found === wanted) return;
  if (process.argv.includes("--fix")) {
    writeFileSync(path, wanted);
    return;
  }
  const at = firstDifference(found, wanted);
  console.log(`${file}:${at}: this is not what ${source} says; \`npm run check -- --fix\` writes it anew`);
  process.exitCode = 1;
}

/** A row of a Markdown table. Pipes and line breaks inside of cells are kept from breaking it. */
export function tableRow(cells: readonly (string | number)[]): string {
  return `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
}

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  return [tableRow(head), tableRow(head.map(() => "---")), ...rows.map(tableRow)];
}

/** Text as code, whatever is in it. */
export function code(text: string): string {
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8").replaceAll("\r\n", "\n");
  } catch {
    return "";
  }
}

function firstDifference(found: string, wanted: string): number {
  const lines = wanted.split("\n");
  const at = found.split("\n").findIndex((line, index) => line !== lines[index]);
  return at === -1 ? lines.length : at + 1;
}
