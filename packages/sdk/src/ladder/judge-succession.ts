/** Whether one set of a store may take the place of another: versions never go back, and identities do not change by themselves. */
import { DimmerError } from "@dimmer/spec/errors";
import { nextVersion } from "@dimmer/spec/flag-set-version";
import type { PreparedSet } from "./prepared-set.ts";

/** What a set is known by: what is in force now, and what the disk snapshot remembers. */
export interface SetIdentity {
  /** Empty for a document without an identity of its own. */
  readonly setId: string;
  readonly version: number;
  readonly hash: string;
}

export type Succession =
  /** It is what is in force already. */
  | { readonly type: "same"; readonly identity: SetIdentity }
  | { readonly type: "newer"; readonly identity: SetIdentity }
  | { readonly type: "refused"; readonly error: DimmerError };

/** How another set comes to be followed. */
export interface Acceptance {
  /** Whether an operator has accepted the set with this identity. */
  readonly isAccepted: (setId: string) => boolean;
  /** How an operator accepts it, in words. */
  readonly howToAccept: (setId: string) => string;
}

export interface SuccessionRules extends Acceptance {
  readonly store: string;
  readonly nowMs: number;
}

/**
 * A document without a version of its own gets one: that of the set in force while its content is the same, else the
 * next one after it, or the time it was written when that is later. So a file's versions rise, even when a file is put
 * back to what it held before.
 */
export function judgeSuccession(
  current: SetIdentity | undefined,
  next: PreparedSet,
  rules: SuccessionRules,
): Succession {
  const identity = identify(current, next, rules);
  if (current === undefined) return { type: "newer", identity };
  if (isSame(current, identity)) return { type: "same", identity: current };
  const isOtherSet = current.setId !== "" && identity.setId !== "" && current.setId !== identity.setId;
  if (isOtherSet && !rules.isAccepted(identity.setId)) {
    return { type: "refused", error: otherSet(current, identity, rules) };
  }
  if (!isOtherSet && identity.version < current.version) {
    return { type: "refused", error: wentBack(current, identity, rules) };
  }
  return { type: "newer", identity };
}

function identify(
  current: SetIdentity | undefined,
  { reading, ...next }: PreparedSet,
  rules: SuccessionRules,
): SetIdentity {
  const { setId, hash } = next;
  if (next.version !== undefined) return { setId, hash, version: next.version };
  if (current?.hash === hash && current.setId === setId) return current;
  return { setId, hash, version: nextVersion(current?.version ?? 0, reading.modifiedAtMs ?? rules.nowMs) };
}

function isSame(a: SetIdentity, b: SetIdentity): boolean {
  return a.setId === b.setId && a.version === b.version && a.hash === b.hash;
}

function otherSet(current: SetIdentity, next: SetIdentity, rules: SuccessionRules): DimmerError {
  return new DimmerError(
    "set_id_changed",
    `The store '${rules.store}' now holds the flag set ${next.setId}; this process follows ${current.setId}, which stays in force.`,
    { store: rules.store, setId: next.setId, followed: current.setId, fix: rules.howToAccept(next.setId) },
  );
}

function wentBack(current: SetIdentity, next: SetIdentity, rules: SuccessionRules): DimmerError {
  return new DimmerError(
    "version_went_back",
    `The store '${rules.store}' holds version ${next.version} of the flag set; version ${current.version} stays in force.`,
    { store: rules.store, version: next.version, followed: current.version },
  );
}
