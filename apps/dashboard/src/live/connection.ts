/** How far what the page shows can be trusted. */
import type { DimmerError } from "@dimmer/spec/errors";

export type Connection =
  | { readonly type: "connecting"; readonly lastAliveMs: undefined }
  | { readonly type: "live"; readonly lastAliveMs: number }
  | {
      readonly type: "lost";
      readonly lastAliveMs: number | undefined;
      readonly error: DimmerError;
      readonly retryAtMs: number;
    };

/** The server sends something every 10 s at the latest: silence beyond this is worth showing, though the connection still stands. */
const silentAfterMs = 14_000;

/** Whether what is shown may be out of date at `nowMs`, and for how long it has been without news. */
export function staleness(connection: Connection, nowMs: number): { isStale: boolean; ageMs: number | undefined } {
  const ageMs = connection.lastAliveMs === undefined ? undefined : Math.max(0, nowMs - connection.lastAliveMs);
  const isStale = connection.type === "lost" || (ageMs !== undefined && ageMs > silentAfterMs);
  return { isStale, ageMs };
}
