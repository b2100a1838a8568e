/** What Prometheus scrapes, in its text format (https://prometheus.io/docs/instrumenting/exposition_formats/). */

/** One sample of a metric. */
interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Where the numbers come from; all are read from memory. */
export interface MetricSources {
  readonly environments: () => readonly EnvironmentNumbers[];
  readonly streamReaders: () => number;
  readonly isStorageWritable: () => boolean;
  readonly requests: () => ReadonlyMap<string, number>;
}

/** The numbers of one environment. */
export interface EnvironmentNumbers {
  readonly environment: string;
  readonly flagSetVersion: number;
  readonly killVersion: number;
  readonly activeKills: number;
  readonly connectedReplicas: number;
  readonly unfinishedRollouts: readonly {
    readonly flag: string;
    readonly weightPercent: number;
    readonly status: string;
  }[];
}

export function readMetrics(sources: MetricSources): string {
  const environments = sources.environments();
  const perEnvironment = (value: (numbers: EnvironmentNumbers) => number): Sample[] =>
    environments.map((numbers) => ({ labels: { environment: numbers.environment }, value: value(numbers) }));
  const requests = [...sources.requests()].map(([status, value]) => ({ labels: { status }, value }));
  const weights = environments.flatMap(({ environment, unfinishedRollouts }) =>
    unfinishedRollouts.map(({ flag, status, weightPercent }) => ({
      labels: { environment, flag, status },
      value: weightPercent,
    })),
  );
  return [
    metric("dimmer_storage_writable", "gauge", "Whether the database takes writes.", [
      { labels: {}, value: Number(sources.isStorageWritable()) },
    ]),
    metric("dimmer_stream_readers", "gauge", "Open event streams.", [{ labels: {}, value: sources.streamReaders() }]),
    metric(
      "dimmer_flag_set_version",
      "gauge",
      "Version of the flag set.",
      perEnvironment((numbers) => numbers.flagSetVersion),
    ),
    metric(
      "dimmer_kill_version",
      "gauge",
      "Version of the kills.",
      perEnvironment((numbers) => numbers.killVersion),
    ),
    metric(
      "dimmer_active_kills",
      "gauge",
      "Kills in force.",
      perEnvironment((numbers) => numbers.activeKills),
    ),
    metric(
      "dimmer_connected_replicas",
      "gauge",
      "Instances that follow.",
      perEnvironment((numbers) => numbers.connectedReplicas),
    ),
    metric("dimmer_rollout_weight_percent", "gauge", "Exposure of flags under rollout.", weights),
    metric("dimmer_http_requests_total", "counter", "Answered requests by status class.", requests),
    metric("process_resident_memory_bytes", "gauge", "Resident memory.", [
      { labels: {}, value: process.memoryUsage.rss() },
    ]),
  ].join("");
}

function metric(name: string, type: "gauge" | "counter", help: string, samples: readonly Sample[]): string {
  const lines = samples.map(({ labels, value }) => {
    const pairs = Object.entries(labels).map(
      ([label, text]) => `${label}="${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`,
    );
    return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}\n`;
  });
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}
