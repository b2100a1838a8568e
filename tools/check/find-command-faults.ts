// `dimmer …` commands in documents that the command line would not take.
import { splitCommandLine } from "@dimmer/cli/testing";
import { codeIn } from "./code-in-documents.ts";

/** Says what is wrong with the words after `dimmer`; undefined when nothing is. */
export type JudgeCommand = (words: readonly string[]) => string | undefined;

/** The commands a document shows that cannot be meant so, as `file:line: reason`. */
export function findCommandFaults(file: string, document: string, judge: JudgeCommand): string[] {
  return codeIn(document).flatMap(({ line, text }) =>
    joinContinued(text).flatMap((command, index) =>
      splitCommandLine(command).flatMap((words) => {
        const shown = words[0] === "npx" || words[0] === "$" ? words.slice(1) : words;
        const reason = shown[0] === "dimmer" && shown.length > 1 ? judge(shown.slice(1)) : undefined;
        return reason === undefined ? [] : [`${file}:${line + index}: \`${shown.join(" ")}\`: ${reason}`];
      }),
    ),
  );
}

/** The lines of a text, those that end in a backslash joined with what follows; a joined line leaves an empty one. */
function joinContinued(text: string): string[] {
  const lines = text.split("\n");
  for (let index = lines.length - 2; index >= 0; index -= 1) {
    const line = lines[index] ?? "";
    if (!line.endsWith("\\")) continue;
    lines[index] = `${line.slice(0, -1)} ${lines[index + 1] ?? ""}`;
    lines[index + 1] = "";
  }
  return lines;
}
