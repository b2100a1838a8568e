/**
 * Entity tags of bulk answers, made from what the answer depends on and never from the answer: the version of the set,
 * the version of the kills, the last move of a ramp, and the question. The question is part of it because clients keep
 * their tag when an attribute of their context changes, and must not be told then that nothing has.
 */
import { createHmac, randomBytes } from "node:crypto";
import type { ServedFlagSet } from "../flags/served-flags.ts";

export interface EntityTags {
  /** The tag of what `flagSet` answers to the request with this body at `nowMs`. */
  tagOf(flagSet: ServedFlagSet, nowMs: number, body: string): string;
}

/** Questions are digested with a key of this process, so that a tag says nothing about who asked. */
export function createEntityTags(): EntityTags {
  const key = randomBytes(32);
  return {
    tagOf(flagSet, nowMs, body) {
      const question = createHmac("sha256", key).update(flagSet.setId).update("\n").update(body).digest("base64url");
      return `"${flagSet.stampAt(nowMs)}.${question.slice(0, 22)}"`;
    },
  };
}

/** Whether an If-None-Match header lists the tag. `*` names no answer the client could hold, so it never does. */
export function holdsTag(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.split(",").some((listed) => listed.trim().replace(/^W\//, "") === tag);
}
