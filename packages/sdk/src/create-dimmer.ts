/** Puts the parts of a Dimmer together: ladder and kills behind, getters in front, one snapshot between them. */
import { DimmerError } from "@dimmer/spec/errors";
import type { Dimmer, DimmerOptions } from "./dimmer.ts";
import { EventListeners } from "./event-listeners.ts";
import { ExposureCounter } from "./exposure-counter.ts";
import { FaultList } from "./fault-list.ts";
import { createFlagReader } from "./flag-reader.ts";
import type { FlagOrigin } from "./flag-reader.ts";
import { createKillCommands } from "./kills/kill-commands.ts";
import { KillWatch } from "./kills/kill-watch.ts";
import { LadderStep } from "./ladder/ladder-step.ts";
import { Ladder } from "./ladder/ladder.ts";
import { ObservationSender } from "./observations/observation-sender.ts";
import { ReplicaReporter } from "./replica-reporter.ts";
import { resolveOptions } from "./resolve-options.ts";
import { changedForced, createSnapshot } from "./snapshot.ts";
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
  const { stores, killStores, directory, clock, ids, instanceId, overrides } = options;
  const faults = new FaultList(options.onFault);
  const listeners = new EventListeners(faults);
  const waiters = new Set<() => void>();
  const wakeWaiters = (): void => {
    if (isSettled()) for (const wake of waiters) wake();
  };

  const disk = directory === undefined ? undefined : openStateDirectory(directory, clock, faults);
  const acceptance = {
    isAccepted: (setId: string) => setId === options.acceptSetId || setId === disk?.acceptedSetId(),
    howToAccept: (setId: string) =>
      `To follow the new set, ${disk === undefined ? "" : `write ${setId} into ${disk.acceptPath}, or `}start this process with acceptSetId '${setId}'.`,
  };
  const steps = stores.map((store) => {
    const snapshot = disk?.snapshotOf(store.name);
    const onHeard = (): void => {
      ladder.noteStaleness();
      wakeWaiters();
    };
    return new LadderStep({
      ...options,
      store,
      snapshot,
      faults,
      acceptance,
      onCandidate: () => ladder.recompose(),
      onHeard,
    });
  });
  const ladder: Ladder = new Ladder({
    steps,
    definitions: options.definitions,
    checkKeys: (keys) =>
      overrides !== undefined && "check" in overrides
        ? overrides.check(keys).map(({ message, fix }) => ({ pointer: "/flags", message, fix }))
        : [],
    clock,
    onComposed: (findChanged) => {
      renew(findChanged);
      reporter?.report();
    },
    onStale: (names) => (names.length === 0 ? listeners.tell("fresh", {}) : listeners.tell("stale", { stores: names })),
  });
  const kills: KillWatch = new KillWatch({
    stores: killStores,
    latch: disk?.latch,
    clock,
    faults,
    writeTimeoutMs: options.readTimeoutMs,
    onActive: (active) => {
      renew(() => []);
      listeners.tell("kills", { active });
    },
    onHeard: wakeWaiters,
    onAcknowledged: () => reporter?.report(),
  });

  let snapshot = createSnapshot(ladder.compiled, kills.active, overrides).snapshot;
  /** Something has changed: everything is answered from a new snapshot from here on. */
  const renew = (findChanged: () => readonly string[]): void => {
    const before = snapshot;
    const renewed = createSnapshot(ladder.compiled, kills.active, overrides);
    snapshot = renewed.snapshot;
    // Before every store has spoken, an override's flag may only be on its way.
    if (ladder.isReady) {
      const errors = renewed.faults.map(({ message, fix }) => new DimmerError("config_invalid", message, { fix }));
      faults.set("overrides", "apply", ...errors);
    }
    if (!listeners.has("change")) return;
    const keys = [...new Set([...findChanged(), ...changedForced(before, snapshot)])];
    if (keys.length > 0) listeners.tell("change", { keys });
  };
  const originOf = (key: string): FlagOrigin => {
    const step = ladder.stepOf(key);
    const nowMs = clock.nowMs();
    if (step === undefined) return { source: "definitions", version: 0, ageMs: 0, isStale: false };
    return { source: step.name, version: step.version, ageMs: step.ageMs(nowMs), isStale: step.isStale(nowMs) };
  };
  const exposures = options.countExposures === true ? new ExposureCounter() : undefined;
  const flags = createFlagReader({
    currentContext: options.currentContext,
    exposures,
    snapshot: () => snapshot,
    nowMs: () => clock.nowMs(),
    originOf,
    killVersion: () => kills.killVersion,
  });

  const reporter =
    options.replica === undefined
      ? undefined
      : new ReplicaReporter(options.replica, clock, faults, () => ({
          flagSetVersion: ladder.base?.version ?? 0,
          killVersion: kills.acknowledgedVersion,
        }));
  const sender =
    options.observations === undefined
      ? undefined
      : new ObservationSender({ ...options, sink: options.observations, instanceBootId: ids(), faults });

  const isSettled = (): boolean => isClosing() || (!ladder.isWaiting && !kills.isWaiting);
  const status = (): DimmerStatus => {
    const { base } = ladder;
    return {
      instanceId,
      isReady: ladder.isReady,
      isStale: !ladder.isReady || ladder.staleStores.length > 0,
      durable: kills.isDurable && !faults.toArray().some((fault) => fault.source === "directory"),
      source: base?.name ?? "definitions",
      version: base?.version ?? 0,
      ageMs: base?.ageMs(clock.nowMs()) ?? 0,
      killVersion: kills.killVersion,
      stores: ladder.status(),
      killStores: kills.status(),
      faults: faults.toArray(),
      counters: {
        unknownFlags: flags.unknownFlags.toRecord(),
        typeMismatches: flags.typeMismatches.toRecord(),
        observationsSent: sender?.sent ?? 0,
        observationsDropped: sender?.dropped ?? 0,
      },
    };
  };

  let closing: Promise<void> | undefined;
  const isClosing = (): boolean => closing !== undefined;
  const close = async (): Promise<void> => {
    await sender?.close(options.awaitedClock, closeTimeoutMs);
    reporter?.close();
    await Promise.all([ladder.close(), kills.close()]);
    for (const wake of waiters) wake();
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
    ready: ({ timeoutMs = 5000 } = {}) =>
      new Promise((resolve) => {
        const wake = (): void => {
          cancel();
          waiters.delete(wake);
          resolve(status());
        };
        const cancel = options.awaitedClock.after(timeoutMs, wake);
        waiters.add(wake);
        wakeWaiters();
      }),
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
