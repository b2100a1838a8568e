/** Cuts what a caller wrote to a length at which a message can quote it. */

const longestQuote = 100;

export function shorten(text: string): string {
  return text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text;
}
