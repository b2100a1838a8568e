/** Reads the values a person types: percentages, durations, flag values. Every fault names the argument, the value and the form. */
import { DimmerError } from "@dimmer/spec/errors";

const durationUnitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The longest duration anything here takes: a leap year. */
const longestMs = 366 * 86_400_000;

/** `500ms`, `2s`, `10m`, `36h`, `2d` in milliseconds; at most 366 days. */
export function parseDurationMs(name: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim());
  const unitMs = durationUnitsMs[match?.[2] ?? ""];
  if (match === null || unitMs === undefined)
    throw new DimmerError("usage", `${name} is '${text}', which is no duration: write 500ms, 2s, 10m, 36h or 2d.`);
  const durationMs = Math.round(Number(match[1]) * unitMs);
  if (durationMs > longestMs) throw new DimmerError("usage", `${name} is '${text}', which is longer than 366d.`);
  return durationMs;
}

/** A duration as `parseDurationMs` reads it, in the largest unit that says it exactly: `36h`, `90s`. */
export function formatDurationMs(durationMs: number): string {
  const fitting = Object.entries(durationUnitsMs).filter(([, unitMs]) => durationMs > 0 && durationMs % unitMs === 0);
  const [unit, unitMs] = fitting.at(-1) ?? ["s", 1000];
  return `${durationMs / unitMs}${unit}`;
}

/** `5`, `5%`, `0.5 %`: a number from 0 to 100. */
export function parsePercentage(name: string, text: string): number {
  const digits = text.trim().replace(/\s*%$/, "");
  const value = /^\d*\.?\d+$/.test(digits) ? Number(digits) : Number.NaN;
  if (!(value <= 100)) throw new DimmerError("usage", `${name} is '${text}', which is no percentage from 0 to 100.`);
  return value;
}

/** A share of users. They are told apart in units of 0.001 %, so it has three decimals at most. */
export function parseShare(name: string, text: string): number {
  const percentage = parsePercentage(name, text);
  if (Number(percentage.toFixed(3)) !== percentage)
    throw new DimmerError("usage", `${name} is '${text}', which is finer than 0.001 %: round it to three decimals.`);
  return percentage;
}

/** A whole number of at least 1, and at most `most`. */
export function parseCount(name: string, text: string, most = Number.MAX_SAFE_INTEGER): number {
  const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? "of at least 1" : `from 1 to ${most}`;
  throw new DimmerError("usage", `${name} is '${text}', which is no whole number ${range}.`);
}

/** A port to listen on; 0 is any free one. */
export function parsePort(name: string, text: string): number {
  const port = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new DimmerError("usage", `${name} is '${text}', which is no port from 0 to 65535.`);
  return port;
}

/** A flag's value as typed: JSON where it is JSON (true, 3, {"a":1}), else the text itself. */
export function parseFlagValue(text: string): boolean | string | number | Record<string, never> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "boolean" || typeof value === "string" || typeof value === "number") return value;
    // JSON.parse makes JSON; an object of it is a flag value by definition.
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, never>;
  } catch {
    // Not JSON: a plain word such as log-only.
  }
  return text;
}

/** The positional argument at `index`. Throws usage when it is missing. */
export function requireArgument(positionals: readonly string[], index: number, what: string): string {
  const value = positionals[index];
  if (value === undefined || value.trim() === "") throw new DimmerError("usage", `Say ${what}.`);
  return value;
}

/** Refuses arguments that no one reads, so that a slip of the pen is not half a command. */
export function refuseMore(positionals: readonly string[], most: number): void {
  if (positionals.length > most)
    throw new DimmerError(
      "usage",
      `'${positionals.slice(most).join(" ")}' is too much: this command takes ${most} argument${most === 1 ? "" : "s"}.`,
    );
}
