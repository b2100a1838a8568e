/** The clock of work behind the application: its timers never keep a process alive. */
import type { Clock } from "@dimmer/api-client";

/** The time of this machine, for what nobody awaits. */
export const backgroundClock: Clock = {
  nowMs: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
