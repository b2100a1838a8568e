/** Puts the parts of a Dimmer together: ladder and kills behind, getters in front, one snapshot between them. */
import type { ReplicaReport } from "@dimmer/spec";
import { CurrentSnapshot } from "./current-snapshot.ts";
import { describeStatus } from "./describe-status.ts";
import type { Dimmer, DimmerOptions } from "./dimmer.ts";
import { EventListeners } from "./event-listeners.ts";
import { ExposureCounter } from "./exposure-counter.ts";
import { FaultList } from "./fault-list.ts";
import { createFlagReader } from "./flag-reader.ts";
import { createKillCommands } from "./kills/kill-commands.ts";
import { KillWatch } from "./kills/kill-watch.ts";
import { createLadder } from "./ladder/create-ladder.ts";
import { ObservationSender } from "./observations/observation-sender.ts";
import { ReadyWaiters } from "./ready-waiters.ts";
import { ReplicaReporter } from "./replica-reporter.ts";
import { resolveOptions } from "./resolve-options.ts";
import { openStateDirectory } from "./state-directory.ts";
import type { DimmerStatus } from "./status.ts";

/** How long the last sending of observations may take. */
const closeTimeoutMs = 2000;

/**
 * Puts a Dimmer together and starts it. It answers at once: from the kill latch and the disk snapshots in `directory`,
 * else from `definitions`. Throws DimmerError `config_invalid` for options that contradict each other and
 * `flag_set_invalid` for faulty `definitions`; nothing that happens later throws.
 *
 * @example
 * const dimmer = createDimmer({ stores: [createFlagFile({ path: "flags.json" })] });
 * await dimmer.ready();
 * if (dimmer.boolean("checkout.ai", false, { targetingKey: userId })) offerHelp();
 */
export function createDimmer(input: DimmerOptions): Dimmer {
  const options = resolveOptions(input);
  const { clock, directory, instanceId, observations, replica } = options;
  const faults = new FaultList(options.onFault);
  const listeners = new EventListeners(faults);
  let closing: Promise<void> | undefined;

  // Behind: what the stores say. Nothing is heard before `start`, so what follows may be named here already.
  const disk = directory === undefined ? undefined : openStateDirectory(directory, clock, faults);
  const ladder = createLadder(options, {
    disk,
    faults,
    onComposed: (findChanged) => {
      current.renew(findChanged);
      reporter?.report();
    },
    onStale: (stores) => (stores.length === 0 ? listeners.tell("fresh", {}) : listeners.tell("stale", { stores })),
    onHeard: () => waiters.notice(),
  });
  const kills = new KillWatch({
    stores: options.killStores,
    latch: disk?.latch,
    clock,
    faults,
    writeTimeoutMs: options.readTimeoutMs,
    onActive: (active) => {
      current.renew();
      listeners.tell("kills", { active });
    },
    onHeard: () => waiters.notice(),
    onAcknowledged: () => reporter?.report(),
  });
  const waiters = new ReadyWaiters(options.awaitedClock);

  // Between: what everything is answered from.
  const current = new CurrentSnapshot({ ladder, kills, overrides: options.overrides, faults, listeners });

  // In front: what the application asks, and what it tells.
  const exposures = options.countExposures === true ? new ExposureCounter() : undefined;
  const flags = createFlagReader({
    currentContext: options.currentContext,
    exposures,
    snapshot: () => current.value,
    nowMs: () => clock.nowMs(),
    originOf: (key) => ladder.originOf(key),
    killVersion: () => kills.killVersion,
  });
  const versions = (): ReplicaReport => ({
    flagSetVersion: ladder.base?.version ?? 0,
    killVersion: kills.acknowledgedVersion,
  });
  const reporter = replica && new ReplicaReporter(replica, clock, faults, versions);
  const sender =
    observations && new ObservationSender({ ...options, sink: observations, instanceBootId: options.ids(), faults });
  const status = (): DimmerStatus =>
    describeStatus({ instanceId, nowMs: clock.nowMs(), ladder, kills, faults, flags, sender });
  const close = async (): Promise<void> => {
    await sender?.close(options.awaitedClock, closeTimeoutMs);
    reporter?.close();
    await Promise.all([ladder.close(), kills.close()]);
    waiters.notice();
  };

  ladder.start();
  kills.start();
  const { unknownFlags: _unknown, typeMismatches: _mismatches, ...getters } = flags;
  return {
    ...getters,
    ...createKillCommands({ ...options, kills }),
    exposures: () => exposures?.toArray() ?? [],
    instanceId,
    status,
    ready: async ({ timeoutMs = 5000, version = 0 } = {}) => {
      const isServed = (): boolean =>
        closing !== undefined ||
        (!ladder.isWaiting && !kills.isWaiting && (version === 0 || (ladder.base?.version ?? 0) >= version));
      await waiters.wait(timeoutMs, isServed);
      return status();
    },
    get activeKills() {
      return kills.active;
    },
    observe: (observation) => {
      if (sender === undefined) return;
      // Only what the base serves is the control plane's to judge; a file that overlays a flag decides alone.
      const step = ladder.stepOf(observation.flag);
      if (step === undefined || step !== ladder.base) sender.drop();
      else sender.observe(observation, observation.setVersion ?? step.version);
    },
    on: (event, listener) => listeners.add(event, listener),
    close: () => (closing ??= close()),
  };
}
