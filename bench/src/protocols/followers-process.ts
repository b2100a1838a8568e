/** Many subscribers of one stream, in a process of their own, which tells when the last of them has received a message. */
import { followers } from "./followers.ts";
import type { FollowOptions, FollowerName } from "./followers.ts";

/** What the parent asks, once. */
export interface FollowRequest extends FollowOptions {
  readonly follower: FollowerName;
  readonly count: number;
}

/** A message as all of them have it, in times of the monotonic clock that the processes of a machine share. */
export interface Receipt {
  readonly type: "received";
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly bytes: number;
}

/** What the parent is told: that all are there, then of every message when all have it. */
export type FollowReport = { readonly type: "ready" } | Receipt;

/** As many connect at a time. */
const atOnce = 50;

process.on("message", (request: FollowRequest) => {
  void follow(request);
});
process.on("disconnect", () => process.exit());

async function follow({ follower, count, ...options }: FollowRequest): Promise<void> {
  const have = new Set<number>();
  let firstAtMs = 0;
  const take = (index: number, bytes: number): void => {
    // Then others would be counted for one that has nothing yet.
    if (have.has(index)) throw new Error("A subscriber was told twice of one change.");
    have.add(index);
    if (have.size === 1) firstAtMs = nowMs();
    if (have.size < count) return;
    report({ type: "received", firstAtMs, lastAtMs: nowMs(), bytes });
    have.clear();
  };
  for (let first = 0; first < count; first += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, count - first) }, (_, index) => first + index);
    await Promise.all(some.map(async (index) => await followers[follower](options, (bytes) => take(index, bytes))));
  }
  report({ type: "ready" });
}

function report(message: FollowReport): void {
  process.send?.(message);
}

function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
