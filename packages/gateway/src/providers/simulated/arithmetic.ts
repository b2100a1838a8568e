/** Evaluates the arithmetic of a simulated task: + - * / and parentheses over decimal numbers. */

/** The value of an expression such as `17 * (23 + 4)`; undefined when it is none. */
export function evaluateArithmetic(expression: string): number | undefined {
  const tokens = expression.match(/\d+(?:\.\d+)?|[-+*/()]/g);
  if (tokens === null || tokens.join("") !== expression.replace(/\s+/g, "")) return undefined;
  const reader = { tokens, at: 0 };
  const value = readSum(reader);
  return reader.at === tokens.length && value !== undefined && Number.isFinite(value) ? round(value) : undefined;
}

/** The first arithmetic expression with an operator in a text; undefined when there is none. */
export function findArithmetic(text: string): string | undefined {
  const plain = text
    .replaceAll("×", "*")
    .replaceAll("÷", "/")
    .replace(/(\d),(?=\d{3}\b)/g, "$1");
  for (const [candidate] of plain.matchAll(/[-(]*\s*\d[\d\s.+\-*/()]*/g)) {
    const expression = candidate.trim().replace(/[.\s]+$/, "");
    if (/\d\s*[-+*/]/.test(expression) && evaluateArithmetic(expression) !== undefined) return expression;
  }
  return undefined;
}

interface TokenReader {
  readonly tokens: readonly string[];
  at: number;
}

function readSum(reader: TokenReader): number | undefined {
  let sum = readProduct(reader);
  for (
    let operator = reader.tokens[reader.at];
    operator === "+" || operator === "-";
    operator = reader.tokens[reader.at]
  ) {
    reader.at += 1;
    const next = readProduct(reader);
    if (sum === undefined || next === undefined) return undefined;
    sum = operator === "+" ? sum + next : sum - next;
  }
  return sum;
}

function readProduct(reader: TokenReader): number | undefined {
  let product = readFactor(reader);
  for (
    let operator = reader.tokens[reader.at];
    operator === "*" || operator === "/";
    operator = reader.tokens[reader.at]
  ) {
    reader.at += 1;
    const next = readFactor(reader);
    if (product === undefined || next === undefined) return undefined;
    product = operator === "*" ? product * next : product / next;
  }
  return product;
}

function readFactor(reader: TokenReader): number | undefined {
  const token = reader.tokens[reader.at];
  reader.at += 1;
  if (token === "-") {
    const value = readFactor(reader);
    return value === undefined ? undefined : -value;
  }
  if (token !== "(") return token === undefined ? undefined : toNumber(token);
  const value = readSum(reader);
  const close = reader.tokens[reader.at];
  reader.at += 1;
  return close === ")" ? value : undefined;
}

function toNumber(token: string): number | undefined {
  const value = Number(token);
  return Number.isNaN(value) ? undefined : value;
}

/** Decimals beyond the sixth are noise of the binary representation. */
function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
