/** One environment of a control plane: its flag set, its kills, and what is reported to it, over one stream. */
import type { ApiClient } from "@dimmer/api-client";
import type { ObservationBatch, ReplicaReport } from "@dimmer/spec";
import type { KillStore, StoreReader, StoreWriter } from "../ports.ts";

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

export declare function createControlPlaneStore(options: ControlPlaneStoreOptions): ControlPlaneStore;
