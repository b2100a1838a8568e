/** Kills and revives read from outside, judged without a schema library. Records that make no sense are left out. */
import type { Kill, KillScope, KillSet, Revive } from "@dimmer/spec";

const scopes: Readonly<Record<KillScope, true>> = {
  all: true,
  provider: true,
  model: true,
  route: true,
  flag: true,
  tenant: true,
  tool: true,
};

/** The scopes a kill can have. */
export const killScopes: readonly string[] = Object.keys(scopes);

export function isKillScope(value: unknown): value is KillScope {
  return typeof value === "string" && Object.hasOwn(scopes, value);
}

export function isKill(value: unknown): value is Kill {
  return (
    isRecord(value) &&
    isName(value["id"]) &&
    isKillScope(value["scope"]) &&
    isName(value["target"]) &&
    areTexts(value, "by", "reason") &&
    isTime(value["at"]) &&
    (value["expiresAt"] === undefined || isTime(value["expiresAt"]))
  );
}

export function isRevive(value: unknown): value is Revive {
  return (
    isRecord(value) &&
    isName(value["id"]) &&
    Array.isArray(value["killIds"]) &&
    value["killIds"].every(isName) &&
    areTexts(value, "by", "reason") &&
    isTime(value["at"])
  );
}

/** What of a foreign kill set can be used; undefined when it is none. */
export function parseKillSet(value: unknown): KillSet | undefined {
  if (!isRecord(value) || !Array.isArray(value["kills"]) || !Array.isArray(value["revives"])) return undefined;
  return { kills: value["kills"].filter(isKill), revives: value["revives"].filter(isRevive) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function areTexts(record: Readonly<Record<string, unknown>>, ...names: readonly string[]): boolean {
  return names.every((name) => typeof record[name] === "string");
}

function isTime(value: unknown): boolean {
  return typeof value === "string" && !Number.isNaN(Date.parse(value));
}
