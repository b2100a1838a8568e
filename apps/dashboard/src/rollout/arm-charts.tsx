/** Both arms over the whole attempt: error rate and p95, with the limit and the steps. */
import type { Rollout } from "@dimmer/spec";
import { edgeAtOrAboveMs } from "@dimmer/spec/latency-buckets";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { ReactElement } from "react";
import { useControlPlane } from "../live/control-plane.ts";
import { queryKeys } from "../live/query-keys.ts";
import { formatLatency, formatQuantile, formatShare } from "../ui/number-format.ts";
import { ArmChart } from "./arm-chart.tsx";
import { errorShares, mergePoints, p95s, weightChanges } from "./arm-series.ts";
import { isUnfinished } from "./rollout-progress.ts";

const rereadMs = 3_000;

export function ArmCharts({ rollout }: { rollout: Rollout }): ReactElement {
  const { client, environment } = useControlPlane();
  const history = useQuery({
    queryKey: queryKeys.rolloutHistory(environment, rollout.id),
    queryFn: ({ signal }) => client.getRolloutHistory({ params: { environment, rollout: rollout.id }, signal }),
    refetchInterval: isUnfinished(rollout) ? rereadMs : false,
  });
  const charts = useMemo(() => {
    const points = mergePoints(history.data ?? []);
    return { errors: errorShares(points), latency: p95s(points), changes: weightChanges(points) };
  }, [history.data]);
  const empty = history.isPending
    ? "Loading the history"
    : history.isError
      ? "The history could not be read"
      : "No measurements yet";
  const { latencyQuantile } = rollout.plan;
  return (
    <div className="charts">
      <ArmChart
        title="Error rate"
        series={charts.errors}
        changes={charts.changes}
        limit={rollout.plan.maxErrorRate}
        format={formatShare}
        empty={empty}
      />
      <ArmChart
        // The history holds p95 only; the limit is that of the plan's own quantile.
        title={latencyQuantile === 0.95 ? "p95 latency" : `p95 latency (limit: ${formatQuantile(latencyQuantile)})`}
        series={charts.latency}
        changes={charts.changes}
        limit={edgeAtOrAboveMs(rollout.plan.maxLatencyMs)}
        format={formatLatency}
        empty={empty}
      />
    </div>
  );
}
