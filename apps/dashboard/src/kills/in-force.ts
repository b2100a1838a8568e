/** Which kills act now. Pure. */
import type { Kill } from "@dimmer/spec";

/** Whether a kill the control plane lists has not run out since. */
export function isInForce({ expiresAt }: Kill, nowMs: number): boolean {
  return expiresAt === undefined || Date.parse(expiresAt) > nowMs;
}
