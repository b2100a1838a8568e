/** Observations for tests: requests of one variant, all as fast as `latencyMs`. */
import { latencyBucket, latencyEdgesMs } from "@dimmer/spec/latency-buckets";
import type { TestPlane } from "./start-plane.ts";

export interface Observed {
  readonly variant: "on" | "off";
  readonly requests: number;
  readonly errors?: number;
  readonly latencyMs?: number;
  /** Default: the set in force. */
  readonly setVersion?: number;
}

/** An instance that measures `phase_4_deployment` at the flag set in force. */
export function createObserver(
  plane: TestPlane,
  bootId = "boot-1",
): {
  send(...observed: Observed[]): Promise<{ accepted: number; known: number }>;
  sendAgain(): Promise<{ accepted: number; known: number }>;
} {
  let sequence = 0;
  let last: {
    instanceId: string;
    instanceBootId: string;
    observations: {
      flag: string;
      setVersion: number;
      variant: string;
      sequence: number;
      requests: number;
      errors: number;
      latency: number[];
    }[];
  };
  return {
    async send(...observed) {
      const { version } = await plane.call("getFlagSet", {});
      const observations = observed.map(({ variant, requests, errors = 0, latencyMs = 50, setVersion = version }) => {
        const latency = Array.from({ length: latencyEdgesMs.length + 1 }, () => 0);
        latency[latencyBucket(latencyMs)] = requests;
        sequence += 1;
        return { flag: "phase_4_deployment", setVersion, variant, sequence, requests, errors, latency };
      });
      last = { instanceId: "gateway", instanceBootId: bootId, observations };
      return await plane.call("sendObservations", { body: last });
    },
    sendAgain: async () => await plane.call("sendObservations", { body: last }),
  };
}
