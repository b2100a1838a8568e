/**
 * The secret of a token: `dimmer_<id>_<256 random bits>`. Only its SHA-256 is stored; the bits are random, so a slow
 * password hash would add nothing. The id finds the record, the hashes are compared in constant time.
 */
import { createHmac, hash, randomBytes, timingSafeEqual } from "node:crypto";

const form = /^dimmer_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;

/** A new secret, and the id inside it. */
export function createSecret(): { readonly id: string; readonly secret: string } {
  const id = randomBytes(8).toString("hex");
  return { id, secret: `dimmer_${id}_${randomBytes(32).toString("base64url")}` };
}

/** The id inside a secret; undefined when it is none. */
export function secretId(secret: string): string | undefined {
  return form.exec(secret)?.[1];
}

/** What is stored of a secret. */
export function hashSecret(secret: string): string {
  return hash("sha256", secret);
}

/** Whether `secret` is the one whose hash is `stored`. */
export function isSecretOf(secret: string, stored: string): boolean {
  return timingSafeEqual(Buffer.from(hashSecret(secret)), Buffer.from(stored));
}

/** A signature that only who knows what is stored of a secret can make. */
export function signWith(stored: string, text: string): string {
  return createHmac("sha256", stored).update(text).digest("base64url");
}
