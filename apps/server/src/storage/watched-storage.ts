/**
 * Remembers whether the database took the last write, and asks it again from time to time once it did not, so that
 * health and status tell the truth without a write of their own.
 */
import { DimmerError } from "@dimmer/spec/errors";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Storage } from "./storage.ts";

const retryMs = 1000;

/** A storage that knows how it is. */
export interface WatchedStorage extends Storage {
  /** Whether the last write, or the last try, went through. */
  readonly isHealthy: boolean;
}

/** Watches `storage`; `changed` is told when it fails and when it recovers. */
export function watchStorage(storage: Storage, clock: Clock, log: Log): WatchedStorage {
  let isHealthy = true;
  let cancelRetry = (): void => undefined;

  function setHealthy(value: boolean, error?: unknown): void {
    if (isHealthy !== value) {
      if (value) log.info({}, "the database takes writes again");
      else log.error({ error }, "the database cannot be written; changes are refused, kills work all the same");
    }
    isHealthy = value;
    cancelRetry();
    if (!value)
      cancelRetry = clock.after(retryMs, () => void storage.isWritable().then((isWritable) => setHealthy(isWritable)));
  }

  return {
    read: storage.read,
    get isHealthy() {
      return isHealthy;
    },
    async transact(work) {
      try {
        const result = await storage.transact(work);
        if (!isHealthy) setHealthy(true);
        return result;
      } catch (error) {
        if (DimmerError.is(error) && error.code === "storage_unavailable") setHealthy(false, error);
        throw error;
      }
    },
    async isWritable() {
      const isWritable = await storage.isWritable();
      setHealthy(isWritable);
      return isWritable;
    },
    async close() {
      cancelRetry();
      await storage.close();
    },
  };
}
