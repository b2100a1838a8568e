/** Solves questions that state their own calculation ("What is 17 * 23 + 4?"), so that an answer to one can be proved. */
import { readTokens } from "./arithmetic-tokens.ts";
import { readExpression } from "./expression.ts";

const leadingWords: ReadonlySet<string> = new Set(
  "what what's is how much calculate compute evaluate solve please the value of result".split(" "),
);

/** What a question that is nothing but a calculation comes to; undefined for every other question. */
export function readStatedResult(question: string): number | undefined {
  const tokens = readTokens(question);
  const start = tokens.findIndex((token) => token.type !== "word" || !leadingWords.has(token.word));
  const expression = readExpression(tokens, start);
  if (expression === undefined || expression.operatorCount === 0) return undefined;
  const isWhole = tokens.slice(expression.end).every((token) => token.type === "break" || token.type === "equals");
  return isWhole ? expression.value : undefined;
}
