/** Splits a line as a POSIX shell would, as far as documents and printed undo commands go: words, quotes, `&&`, comments. */

/** The commands of a line, each as its words. Variables and globs are left as they stand. */
export function splitCommandLine(line: string): string[][] {
  const commands: string[][] = [[]];
  // A word is a run of plain characters, quoted parts and escaped characters.
  const token = /\s*(?:(&&|\|\||[|;])|(#.*$)|((?:[^\s'"\\|;&#]|'[^']*'|"(?:[^"\\]|\\.)*"|\\.|&(?!&)|(?<=\S)#)+))/gsy;
  for (let match = token.exec(line); match !== null; match = token.exec(line)) {
    const [, separator, comment, word] = match;
    if (separator !== undefined) commands.push([]);
    else if (comment === undefined && word !== undefined) commands.at(-1)?.push(unquote(word));
  }
  return commands.filter((words) => words.length > 0);
}

function unquote(word: string): string {
  return word.replace(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gs,
    (_whole, single?: string, double?: string, escaped?: string) =>
      single ?? double?.replace(/\\(.)/gs, "$1") ?? escaped ?? "",
  );
}
