/** Compares bearer tokens without telling by the time it takes how much of one was right. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** The token of `Authorization: Bearer <token>`; undefined when there is none. */
export function readBearer(headers: IncomingHttpHeaders): string | undefined {
  const match = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "");
  return match?.[1];
}

/** SHA-256: tokens are long and random, so a slow hash would only slow the gateway down. */
export function hashToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/** Which of the hashes the token has, as an index; -1 for none. Every hash is compared, whichever fits. */
export function findToken(token: string, hashes: readonly Buffer[]): number {
  const hash = hashToken(token);
  let found = -1;
  for (const [index, candidate] of hashes.entries()) {
    if (candidate.length === hash.length && timingSafeEqual(candidate, hash)) found = index;
  }
  return found;
}
