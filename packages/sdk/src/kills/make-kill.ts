/** A kill or revive asked for in this process, as a record; bad input is refused before it acts. */
import type { Kill, Revive } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import type { KillInput } from "../dimmer.ts";

/** Who asks, and when. */
export interface Authorship {
  readonly id: string;
  readonly by: string;
  readonly nowMs: number;
}

const maxTargetLength = 256;
const maxReasonLength = 1024;

/** Throws `invalid_request` that names the field. */
export function makeKill(input: KillInput, { id, by, nowMs }: Authorship): Kill {
  const { scope, reason = "", expiresAt } = input;
  const target = targetOf(input);
  checkLength("reason", reason, maxReasonLength);
  if (expiresAt !== undefined && !(Date.parse(expiresAt) > nowMs)) {
    throw invalid("expiresAt", expiresAt, "must be an ISO date and time in the future");
  }
  const kill = { id, scope, target, by: input.by ?? by, reason, at: new Date(nowMs).toISOString() };
  return expiresAt === undefined ? kill : { ...kill, expiresAt: new Date(expiresAt).toISOString() };
}

/** A revive of exactly these kills. */
export function makeRevive(killIds: readonly string[], reason: string, { id, by, nowMs }: Authorship): Revive {
  checkLength("reason", reason, maxReasonLength);
  return { id, killIds: [...killIds], by, reason, at: new Date(nowMs).toISOString() };
}

/** `*` for everything. */
export function targetOf({ scope, target }: Pick<KillInput, "scope" | "target">): string {
  if (scope === "all") return "*";
  if (target === undefined || target === "")
    throw invalid("target", target ?? "", `names what of scope '${scope}' is meant, and is missing`);
  checkLength("target", target, maxTargetLength);
  return target;
}

function checkLength(field: string, value: string, maxLength: number): void {
  if (value.length > maxLength)
    throw invalid(field, `${value.slice(0, 50)}…`, `may have at most ${maxLength} characters`);
}

function invalid(field: string, value: string, why: string): DimmerError {
  return new DimmerError("invalid_request", `The kill's '${field}' ${why} (it is '${value}').`, { field, value });
}
