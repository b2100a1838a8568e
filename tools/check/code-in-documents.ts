// What stands in a Markdown document as code: blocks between fences, indented blocks, and code spans.

/** A piece of code, where it stands. */
export type Code = {
  kind: "fence" | "indented" | "span";
  /** What the fence calls its language; empty elsewhere. */
  language: string;
  /** Line of its first line of text, from 1. */
  line: number;
  text: string;
};

/** Every piece of code of a document, in order. */
export function codeIn(document: string): Code[] {
  const found: Code[] = [];
  let fence: { marker: string; code: Code } | undefined;
  const lines = document.split("\n");
  for (const [index, line] of lines.entries()) {
    const marker = /^\s*(`{3,}|~{3,})\s*([\w-]*)/.exec(line);
    if (fence !== undefined) {
      if (marker?.[1] !== undefined && marker[1].startsWith(fence.marker)) fence = undefined;
      else fence.code.text += `${line}\n`;
    } else if (marker?.[1] !== undefined) {
      const code: Code = { kind: "fence", language: marker[2] ?? "", line: index + 2, text: "" };
      fence = { marker: marker[1], code };
      found.push(code);
    } else if (/^(?: {4}|\t)\s*\S/.test(line)) {
      found.push({ kind: "indented", language: "", line: index + 1, text: `${line.trim()}\n` });
    } else {
      for (const [, , text = ""] of line.matchAll(/(`+) ?(.+?) ?\1(?!`)/g))
        found.push({ kind: "span", language: "", line: index + 1, text });
    }
  }
  return found;
}
