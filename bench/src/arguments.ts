/** What a bench is asked on its command line: words that say which parts, and two options. */

export type BenchArguments =
  | { readonly type: "run"; readonly words: readonly string[]; readonly isJson: boolean; readonly isQuick: boolean }
  | { readonly type: "help" }
  | { readonly type: "wrong"; readonly message: string };

const options = ["--json", "--quick", "--help"];

/** `isKnown` says whether a word names anything; `known` are the words to tell who gave another. */
export function readArguments(
  args: readonly string[],
  { isKnown, known }: { readonly isKnown: (word: string) => boolean; readonly known: readonly string[] },
): BenchArguments {
  const given = args.map((argument) => (argument === "-h" ? "--help" : argument));
  if (given.includes("--help")) return { type: "help" };
  const wrongOption = given.find((argument) => argument.startsWith("-") && !options.includes(argument));
  if (wrongOption !== undefined) return wrong("option", wrongOption, options);
  const words = given.filter((argument) => !argument.startsWith("-"));
  const wrongWord = words.find((word) => !isKnown(word));
  if (wrongWord !== undefined) return wrong("part", wrongWord, known);
  return { type: "run", words, isJson: given.includes("--json"), isQuick: given.includes("--quick") };
}

/** Those of a run; anything else is answered here, and is the end of the process: 0 after help, 2 after a mistake. */
export function readArgumentsOrExit(
  usage: string,
  words: Parameters<typeof readArguments>[1],
): BenchArguments & { readonly type: "run" } {
  const read = readArguments(process.argv.slice(2), words);
  switch (read.type) {
    case "run":
      return read;
    case "help":
      console.log(usage);
      return process.exit(0);
    case "wrong":
      console.error(read.message);
      return process.exit(2);
  }
}

function wrong(what: string, name: string, known: readonly string[]): BenchArguments {
  return { type: "wrong", message: `no ${what} is called '${name}'; there are ${known.join(", ")}` };
}
