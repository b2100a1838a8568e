/**
 * `sem_ver`: `= != < <= > >= ^ ~` over semantic versions (semver.org 2.0.0), read as leniently as flagd does: a leading
 * v, a missing minor or patch, and plain numbers are fine. `^` asks for the same major, `~` for the same minor too.
 */
import type { Expression, Operator, OperatorTable, Run } from "./expression.ts";
import { compileArguments } from "./expression.ts";
import { isList } from "./values.ts";

interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly prerelease: readonly string[];
}

const maxLength = 256;
const number = "(0|[1-9]\\d*)";
const identifier = "(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)";
const grammar = new RegExp(
  `^${number}(?:\\.${number}(?:\\.${number}(?:-(${identifier}(?:\\.${identifier})*))?(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?)?)?$`,
);

function parseVersion(value: unknown): Version | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const text = String(value).trim().replace(/^[vV]/, "");
  const match = text.length <= maxLength ? grammar.exec(text) : null;
  if (match === null) return undefined;
  const [, major = "0", minor = "0", patch = "0", prerelease] = match;
  const version = { major: Number(major), minor: Number(minor), patch: Number(patch) };
  if (!Object.values(version).every(Number.isSafeInteger)) return undefined;
  return { ...version, prerelease: prerelease?.split(".") ?? [] };
}

/**
 * The release of the version last scanned. Almost every version is three plain numbers; reading them here, character by
 * character, spares an evaluation the expression, its match and the version object.
 */
const scanned: { -readonly [Part in keyof Version]: Version[Part] } = { major: 0, minor: 0, patch: 0, prerelease: [] };

/** Reads `major.minor.patch` of plain digits into `scanned`; false when the text is anything else. */
function scanRelease(text: string): boolean {
  let dots = 0;
  let digits = 0;
  let part = 0;
  for (let i = 0; i < text.length; i += 1) {
    const digit = text.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9) {
      if ((digits > 0 && part === 0) || digits > 14) return false;
      part = part * 10 + digit;
      digits += 1;
    } else {
      if (digit !== -2 || digits === 0 || dots === 2) return false;
      if (dots === 0) scanned.major = part;
      else scanned.minor = part;
      dots += 1;
      digits = 0;
      part = 0;
    }
  }
  scanned.patch = part;
  return dots === 2 && digits > 0;
}

/** The version of a value, good until the next call. */
function versionOf(value: unknown): Version | undefined {
  return typeof value === "string" && scanRelease(value) ? scanned : parseVersion(value);
}

/** Negative, zero or positive, as `a` is before, equal to or after `b`. Build metadata does not count. */
function compare(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch || comparePrereleases(a.prerelease, b.prerelease);
}

function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  for (let i = 0; i < a.length && i < b.length; i += 1) {
    const order = compareIdentifiers(a[i] ?? "", b[i] ?? "");
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareIdentifiers(a: string, b: string): number {
  const isNumber = /^\d+$/.test(a);
  if (isNumber !== /^\d+$/.test(b)) return isNumber ? -1 : 1;
  return (isNumber && a.length - b.length) || (a < b ? -1 : Number(a > b));
}

type Test = (version: Version, bound: Version) => boolean;

const tests: ReadonlyMap<unknown, Test> = new Map<unknown, Test>([
  ["=", (version, bound) => compare(version, bound) === 0],
  ["!=", (version, bound) => compare(version, bound) !== 0],
  ["<", (version, bound) => compare(version, bound) < 0],
  ["<=", (version, bound) => compare(version, bound) <= 0],
  [">", (version, bound) => compare(version, bound) > 0],
  [">=", (version, bound) => compare(version, bound) >= 0],
  ["^", (version, bound) => version.major === bound.major],
  ["~", (version, bound) => version.major === bound.major && version.minor === bound.minor],
]);

const semVer: Operator = (unit, args, place) => {
  const [version, sign, bound] = compileArguments(unit, args, place);
  if (!isList(args) || args.length !== 3 || version === undefined || sign === undefined || bound === undefined) {
    return unit.warn(place, "wrong-arguments");
  }
  if (sign.constant === undefined || bound.constant === undefined) return computed(version.run, sign.run, bound.run);
  const test = tests.get(sign.constant.value);
  if (test === undefined) return unit.warn(place, "unknown-comparison", sign.constant.value);
  const right = parseVersion(bound.constant.value);
  if (right === undefined) return unit.warn(place, "not-sem-ver", bound.constant.value);
  return against(test, version.run, right);
};

/** Null when either side is no version. */
function holds(test: Test | undefined, value: unknown, bound: Version | undefined): boolean | null {
  const version = versionOf(value);
  return version === undefined || bound === undefined || test === undefined ? null : test(version, bound);
}

function computed(version: Run, sign: Run, bound: Run): Expression {
  return {
    run: (data, nowMs) => holds(tests.get(sign(data, nowMs)), version(data, nowMs), parseVersion(bound(data, nowMs))),
  };
}

function against(test: Test, run: Run, bound: Version): Expression {
  return { run: (data, nowMs) => holds(test, run(data, nowMs), bound) };
}

export const semVerOperators: OperatorTable = { sem_ver: semVer };
