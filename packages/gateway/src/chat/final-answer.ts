/** What an answer comes to, so that two answers can be compared that say the same in other words. */

/** GSM8K's convention: the result alone on a line after four hashes (Cobbe et al. 2021, arXiv:2110.14168). */
const finalLine = /^####\s*(.+)$/gm;

/** The result behind the last `####`, or the whole text where there is none; spaces, commas and currency do not count. */
export function finalAnswer(text: string): string {
  const last = [...text.matchAll(finalLine)].at(-1)?.[1];
  if (last === undefined) return text.trim().replace(/\s+/g, " ");
  const bare = last
    .trim()
    .replace(/[$€£,\s]/g, "")
    .replace(/\.$/, "");
  const number = Number(bare);
  return bare !== "" && Number.isFinite(number) ? String(number) : bare;
}
