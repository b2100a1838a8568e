/** Words of a command that is printed to be run. */

/** Quotes one word for a POSIX shell, where it needs that. */
export function shellWord(word: string): string {
  return /^[A-Za-z0-9_./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
