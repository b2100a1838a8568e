/** JSON with one spelling per value: object members sorted, no white space, numbers as ECMAScript writes them (RFC 8785). */
import { createHash } from "node:crypto";

/** The one spelling of a JSON value. Members that are undefined are left out, as JSON.stringify does. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member !== "object" || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}

/** SHA-256, hex, of the canonical spelling. */
export function hashJson(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}
