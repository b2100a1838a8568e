/**
 * Splits prose with arithmetic in it ("9 eggs * $2 = $<<9*2=18>>18") into numbers, operators and words, so that the
 * calculations can be found and computed again. Understands thousands separators, percentages, money signs, the
 * multiplication signs people and models write, and the LaTeX that models fall into.
 */

/** One piece of a text. A `break` ends a line or a sentence: no calculation reaches across it. */
export type ArithmeticToken =
  | NumberToken
  | { readonly type: "operator"; readonly operator: Operator }
  | { readonly type: "equals" }
  | { readonly type: "open" }
  | { readonly type: "close" }
  | { readonly type: "word"; readonly word: string }
  | { readonly type: "break" };

/** A number as written. `value` has percent signs applied: "20%" is 0.2. */
export interface NumberToken {
  readonly type: "number";
  readonly value: number;
  /** Digits after the decimal point, of the number as written: what rounding it may carry. */
  readonly decimals: number;
  readonly isPercent: boolean;
  /** Directly followed by a letter, as in "2x": a term of an equation, whose value nobody knows. */
  readonly isCoefficient: boolean;
}

export type Operator = "+" | "-" | "*" | "/" | "^";

const pattern = new RegExp(
  [
    String.raw`(?<number>\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+\.\d+|\.\d+|\d+)(?<percent>\s?%)?(?<coefficient>[a-zA-Z](?![a-zA-Z]))?`,
    String.raw`(?<times>[x×X·∙*✕](?=\s*[-$€£(\d.]))`,
    String.raw`(?<word>\/?[\p{L}_][\p{L}\p{N}_'’]*(?:[-/][\p{L}][\p{L}\p{N}_'’]*)*)`,
    String.raw`(?<operator>[-+−–÷/^*×])`,
    String.raw`(?<equals>[=≈≃])`,
    String.raw`(?<open>[([{])`,
    String.raw`(?<close>[)\]}])`,
    String.raw`(?<break>\n|[.!?;:](?=\s|$)|,(?=\s)|=>|→)`,
  ].join("|"),
  "gu",
);

const operators: Readonly<Record<string, Operator>> = {
  "+": "+",
  "-": "-",
  "−": "-",
  "–": "-",
  "*": "*",
  "×": "*",
  "/": "/",
  "÷": "/",
  "^": "^",
};

/** Splits a text into tokens. Whatever is neither number, sign nor word is dropped. */
export function readTokens(text: string): readonly ArithmeticToken[] {
  const tokens: ArithmeticToken[] = [];
  for (const match of plainArithmetic(text).matchAll(pattern)) {
    const groups = match.groups ?? {};
    const token = readToken(groups);
    if (token !== undefined) tokens.push(token);
  }
  return tokens;
}

function readToken(groups: Readonly<Record<string, string | undefined>>): ArithmeticToken | undefined {
  const digits = groups["number"];
  if (digits !== undefined)
    return readNumber(digits, groups["percent"] !== undefined, groups["coefficient"] !== undefined);
  if (groups["times"] !== undefined) return { type: "operator", operator: "*" };
  const word = groups["word"];
  if (word !== undefined) return { type: "word", word: word.toLowerCase() };
  const operator = operators[groups["operator"] ?? ""];
  if (operator !== undefined) return { type: "operator", operator };
  if (groups["equals"] !== undefined) return { type: "equals" };
  if (groups["open"] !== undefined) return { type: "open" };
  if (groups["close"] !== undefined) return { type: "close" };
  if (groups["break"] !== undefined) return { type: "break" };
  return undefined;
}

function readNumber(digits: string, isPercent: boolean, isCoefficient: boolean): NumberToken {
  const plain = digits.replaceAll(",", "");
  const decimals = plain.split(".")[1]?.length ?? 0;
  const written = Number(plain);
  return {
    type: "number",
    value: isPercent ? written / 100 : written,
    decimals: isPercent ? decimals + 2 : decimals,
    isPercent,
    isCoefficient,
  };
}

/** Rewrites LaTeX and escaped Markdown to plain arithmetic. */
function plainArithmetic(text: string): string {
  if (!text.includes("\\") && !text.includes("**")) return text;
  return text
    .replaceAll(/\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}/g, "(($1)/($2))")
    .replaceAll(/\\text\s*\{([^{}]*)\}/g, " $1 ")
    .replaceAll(/\\(?:times|cdot)\b/g, "*")
    .replaceAll(/\\div\b/g, "/")
    .replaceAll(/\\approx\b/g, "=")
    .replaceAll(/\\[()[\]]/g, " ")
    .replaceAll(/\\([*%$_#])/g, "$1")
    .replaceAll(/(\d)\s?\*\*\s?(\d)/g, "$1^$2")
    .replaceAll("**", " ");
}
