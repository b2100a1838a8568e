/**
 * The status of the environment, live: read once, then carried on by every event of the stream. A read that is under
 * way while events arrive gets them applied on top, so that an old answer never covers a newer event. It is read again
 * for the two facts no event carries: at once when flags or kills changed, which is how an environment becomes read-only,
 * and now and then, for whether the server can write.
 */
import type { AuditEntry, EnvironmentStatus, StreamEvent, StreamTopic } from "@dimmer/spec";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { QueryClient, UseQueryResult } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { isUnfinished } from "../rollout/rollout-progress.ts";
import { addAuditEntry, applyStreamEvent } from "./apply-stream-event.ts";
import type { Connection } from "./connection.ts";
import { useControlPlane } from "./control-plane.ts";
import type { ControlPlane } from "./control-plane.ts";
import { queryKeys } from "./query-keys.ts";

const topics: readonly StreamTopic[] = ["flag-set", "kills", "stage", "rollout", "audit", "replicas"];
const rereadMs = 10_000;
// A person is looking: try again sooner than a machine would, and call silence by its name sooner.
const maxRetryMs = 4_000;
const idleTimeoutMs = 22_000;

/** How many entries the audit tail holds. */
export const auditTailLength = 60;

/** The status and how far it can be trusted. `onRefused` is told when the token is no longer accepted. */
export function useLiveStatus(onRefused: () => void): {
  status: UseQueryResult<EnvironmentStatus>;
  connection: Connection;
} {
  const controlPlane = useControlPlane();
  const queryClient = useQueryClient();
  const live = useMemo(() => new LiveStatus(controlPlane, queryClient), [controlPlane, queryClient]);
  const status = useQuery({
    queryKey: queryKeys.status(controlPlane.environment),
    queryFn: ({ signal }) => live.read(signal),
    refetchInterval: rereadMs,
  });

  const [connection, setConnection] = useState<Connection>({ type: "connecting", lastAliveMs: undefined });
  const isKnown = status.isSuccess;
  useEffect(() => {
    if (!isKnown) return;
    const stop = new AbortController();
    const { clock } = controlPlane;
    void controlPlane.client.followStream({
      environment: controlPlane.environment,
      topics,
      signal: stop.signal,
      maxRetryMs,
      idleTimeoutMs,
      onEvent: (event) => live.apply(event),
      onAlive: () => setConnection((known) => renewed(known, clock.nowMs())),
      onState: (state) => {
        if (state.type === "open") {
          setConnection({ type: "live", lastAliveMs: clock.nowMs() });
          // What changed while nobody followed, and what the stream does not carry.
          void queryClient.invalidateQueries();
        } else if (state.type === "closed") {
          setConnection(({ lastAliveMs }) => ({
            type: "lost",
            lastAliveMs,
            error: state.error,
            retryAtMs: clock.nowMs() + state.retryInMs,
          }));
          if (state.error.code === "unauthenticated") onRefused();
        }
      },
    });
    return () => stop.abort();
  }, [controlPlane, queryClient, live, isKnown, onRefused]);

  return { status, connection };
}

class LiveStatus {
  readonly #controlPlane: ControlPlane;
  readonly #queryClient: QueryClient;
  /** For each read under way, the events that arrived since it began. */
  readonly #reads = new Set<StreamEvent[]>();

  constructor(controlPlane: ControlPlane, queryClient: QueryClient) {
    this.#controlPlane = controlPlane;
    this.#queryClient = queryClient;
  }

  async read(signal: AbortSignal): Promise<EnvironmentStatus> {
    const { client, environment } = this.#controlPlane;
    const arrived: StreamEvent[] = [];
    this.#reads.add(arrived);
    try {
      const status = await client.getStatus({ params: { environment }, signal });
      return arrived.reduce(applyStreamEvent, status);
    } finally {
      this.#reads.delete(arrived);
    }
  }

  apply(event: StreamEvent): void {
    const { environment } = this.#controlPlane;
    for (const arrived of this.#reads) arrived.push(event);
    const key = queryKeys.status(environment);
    const before = this.#queryClient.getQueryData<EnvironmentStatus>(key);
    if (before !== undefined) {
      const after = applyStreamEvent(before, event);
      this.#queryClient.setQueryData(key, after);
      if (changesFlags(before, after)) {
        void this.#queryClient.invalidateQueries({ queryKey: queryKeys.flags(environment) });
        void this.#queryClient.invalidateQueries({ queryKey: queryKeys.attempts(environment) });
        void this.#queryClient.invalidateQueries({ queryKey: key }, { cancelRefetch: false });
      }
    }
    if (event.event === "audit") {
      this.#queryClient.setQueryData<AuditEntry[]>(queryKeys.audit(environment), (entries) =>
        entries === undefined ? entries : addAuditEntry(entries, event.data, auditTailLength),
      );
    } else if (event.event === "rollout") {
      const queryKey = queryKeys.rolloutHistory(environment, event.data.id);
      void this.#queryClient.invalidateQueries({ queryKey }, { cancelRefetch: false });
    }
  }
}

/** Whether the lists of flags and attempts show something else afterwards: definitions, kills, or who owns an exposure. */
function changesFlags(before: EnvironmentStatus, after: EnvironmentStatus): boolean {
  const owners = ({ rollouts }: EnvironmentStatus): string =>
    rollouts
      .filter(isUnfinished)
      .map(({ id }) => id)
      .join();
  return (
    before.version !== after.version || before.killVersion !== after.killVersion || owners(before) !== owners(after)
  );
}

/** The connection after a sign of life; the same object within a second, so that a busy stream does not redraw the page. */
function renewed(connection: Connection, nowMs: number): Connection {
  return connection.type === "live" && nowMs - connection.lastAliveMs < 1000
    ? connection
    : { type: "live", lastAliveMs: nowMs };
}
