/** The picture of `dimmer status`, drawn again in place until the signal aborts. */
import { DimmerError } from "@dimmer/spec/errors";
import type { EnvironmentStatus } from "@dimmer/spec";
import type { LiveRegion } from "./live-region.ts";

/** What watching needs of the outside. */
export interface WatchOptions {
  readonly read: () => Promise<EnvironmentStatus>;
  readonly draw: (status: EnvironmentStatus) => string;
  readonly region: LiveRegion;
  /** Lines the terminal has room for. */
  readonly rows: () => number;
  readonly wait: (durationMs: number) => Promise<void>;
  readonly signal: AbortSignal;
}

const intervalMs = 1000;

/**
 * Watches. A control plane that does not answer leaves the last picture, and says so above it; anything else that goes
 * wrong ends the watch and is thrown.
 */
export async function watchStatus({ read, draw, region, rows, wait, signal }: WatchOptions): Promise<void> {
  let last: EnvironmentStatus | undefined;
  const look = async (): Promise<readonly string[]> => {
    try {
      last = await read();
      return draw(last).split("\n");
    } catch (error) {
      if (!DimmerError.is(error) || error.definition.kind !== "unavailable" || last === undefined) throw error;
      return [`${error.message} Below is what it said last.`, "", ...draw(last).split("\n")];
    }
  };
  try {
    while (!signal.aborted) {
      region.draw((await look()).slice(0, Math.max(1, rows() - 1)));
      await wait(intervalMs);
    }
  } finally {
    region.end();
  }
}
