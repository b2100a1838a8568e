/** One environment of a control plane: its flag set, its kills, and what is reported to it, over one stream. */
import type { ApiClient } from "@dimmer/api-client";
import type { FlagSet, KillSet, KillState, ObservationBatch, ReplicaReport, StreamEvent } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { parseKillSet } from "../kill-record.ts";
import type { KillListener, KillStore, Reading, StoreListener, StoreReader, StoreWriter } from "../ports.ts";

/** Which environment, and who follows it. */
export interface ControlPlaneStoreOptions {
  readonly client: ApiClient;
  /** @defaultValue "default" */
  readonly environment?: string;
  /** Who this process is, for `dimmer status`. */
  readonly instanceId: string;
  /** @defaultValue "sdk" */
  readonly kind?: string;
  /** @defaultValue "control-plane" */
  readonly name?: string;
}

/** The control plane behind every port at once. Flags and kills share one stream. */
export interface ControlPlaneStore extends StoreReader, StoreWriter, KillStore {
  /** Sends observations; sending a batch again changes nothing. */
  send(batch: ObservationBatch): Promise<void>;
  /** Says which versions this instance acts on. */
  report(report: ReplicaReport): Promise<void>;
}

/** Creates it; nothing is sent before the first call. The stream is open while anybody follows. */
export function createControlPlaneStore(options: ControlPlaneStoreOptions): ControlPlaneStore {
  const { client, environment = "default", instanceId, kind = "sdk", name = "control-plane" } = options;
  const params = { environment };
  const flagListeners = new Set<StoreListener>();
  const killListeners = new Set<KillListener>();
  let flagSet: FlagSet | undefined;
  let kills: { readonly killSet: KillSet; readonly killVersion: number } | undefined;
  let lastEventId: string | undefined;
  let stream: AbortController | undefined;

  const readingOf = (document: FlagSet): Reading => ({ document, origin: client.url });
  const takeIn = (event: StreamEvent, id: string | undefined): void => {
    if (event.event === "kills") {
      const taken = { killSet: killSetOf(event.data), killVersion: event.data.killVersion };
      kills = taken;
      for (const listener of killListeners) listener.changed(taken.killSet, taken.killVersion);
    } else if (event.event === "flag-set") {
      flagSet = event.data;
      for (const listener of flagListeners) listener.changed(readingOf(event.data));
    }
    lastEventId = id;
  };
  const open = (): AbortController => {
    const controller = new AbortController();
    void client.followStream({
      environment,
      topics: ["kills", "flag-set"],
      instanceId,
      kind,
      lastEventId,
      signal: controller.signal,
      onEvent: takeIn,
      onState: (state) => {
        if (state.type !== "closed") return;
        for (const listener of [...killListeners, ...flagListeners]) listener.failed(state.error);
      },
      onAlive: () => {
        for (const listener of [...killListeners, ...flagListeners]) listener.alive();
      },
    });
    return controller;
  };
  const join = <L>(listeners: Set<L>, listener: L, signal: AbortSignal): void => {
    if (signal.aborted) return;
    listeners.add(listener);
    stream ??= open();
    signal.addEventListener(
      "abort",
      () => {
        listeners.delete(listener);
        if (flagListeners.size > 0 || killListeners.size > 0) return;
        stream?.abort();
        stream = undefined;
      },
      { once: true },
    );
  };

  return {
    name,
    isLatched: true,
    read: async (signal) => readingOf(await client.getFlagSet({ params, signal })),
    follow: (listener, signal) => {
      join(flagListeners, listener, signal);
      if (flagSet !== undefined && !signal.aborted) listener.changed(readingOf(flagSet));
    },
    apply: (request) => client.applyChangeSet({ params, body: request }),
    readKills: async (signal) => killSetOf(await client.getKills({ params, signal })),
    mergeKills: async (killSet, signal) => {
      const { durable } = await client.mergeKills({ params, body: { ...killSet }, signal });
      return { durable: durable === true };
    },
    followKills: (listener, signal) => {
      join(killListeners, listener, signal);
      if (kills !== undefined && !signal.aborted) listener.changed(kills.killSet, kills.killVersion);
    },
    send: async (batch) => {
      await client.sendObservations({ params, body: batch });
    },
    report: async (report) => {
      await client.reportReplica({ params: { environment, instance: instanceId }, body: report });
    },
  };
}

/** The kills are acted on without a compiler's judgement in between, so their form is looked at. */
function killSetOf(state: KillState): KillSet {
  const killSet = parseKillSet(state.killSet);
  if (killSet === undefined)
    throw new DimmerError("store_unreadable", "The control plane's kills do not have the form of kills.");
  return killSet;
}
