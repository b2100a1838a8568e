/**
 * The measurements in Prometheus' text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/).
 * Written here because the record exists already for /admin/status; a metrics library would keep every number twice.
 */
import { latencyEdgesMs } from "@dimmer/spec/latency-buckets";
import type { SwitchesStatus } from "../ports/switches.ts";
import type { MeasurementsSnapshot } from "./measurements.ts";

export interface Gauges {
  readonly inFlight: number;
  readonly shadowsRunning: number;
  readonly isReady: boolean;
  readonly flags: SwitchesStatus;
}

type Labels = Readonly<Record<string, string | number>>;
type Sample = readonly [labels: Labels, value: number];

export const prometheusContentType = "text/plain; version=0.0.4; charset=utf-8";

export function prometheusText(snapshot: MeasurementsSnapshot, gauges: Gauges): string {
  const { shadow } = snapshot;
  const variants = Object.entries(snapshot.variants);
  const perVariant = (read: (totals: MeasurementsSnapshot["variants"][string]) => number): Sample[] =>
    variants.map(([variant, totals]) => [{ variant }, read(totals)]);
  return [
    metric(
      "dimmer_gateway_requests_total",
      "counter",
      "Requests a router answered, by how they ended.",
      variants.flatMap(([variant, totals]) =>
        Object.entries(totals.results).map(([result, count]): Sample => [{ variant, result }, count]),
      ),
    ),
    metric(
      "dimmer_gateway_errors_total",
      "counter",
      "Requests whose caller got an error for a fault not theirs.",
      perVariant((totals) => totals.errors),
    ),
    metric(
      "dimmer_gateway_refused_total",
      "counter",
      "Requests refused before any router saw them.",
      Object.entries(snapshot.refused).map(([code, count]): Sample => [{ code }, count]),
    ),
    metric(
      "dimmer_gateway_calls_total",
      "counter",
      "Calls to providers, by how they ended.",
      snapshot.calls.flatMap(({ provider, model, results }) =>
        Object.entries(results).map(([result, count]): Sample => [{ provider, model, result }, count]),
      ),
    ),
    metric(
      "dimmer_gateway_tokens_total",
      "counter",
      "Tokens of all calls.",
      variants.flatMap(([variant, totals]): Sample[] => [
        [{ variant, direction: "input" }, totals.inputTokens],
        [{ variant, direction: "output" }, totals.outputTokens],
      ]),
    ),
    metric(
      "dimmer_gateway_cost_usd_total",
      "counter",
      "Cost of all calls that have a price.",
      perVariant((totals) => totals.costMicroUsd / 1e6),
    ),
    metric(
      "dimmer_gateway_unpriced_calls_total",
      "counter",
      "Answers of models without a price.",
      perVariant((totals) => totals.unpricedCalls),
    ),
    latencyHistogram(variants),
    metric("dimmer_gateway_shadows_total", "counter", "Requests the other router saw as well, by what came of it.", [
      [{ result: "same" }, shadow.same],
      [{ result: "different" }, shadow.compared - shadow.same],
      [{ result: "failed" }, shadow.failed],
      [{ result: "dropped" }, shadow.dropped],
      [{ result: "refused" }, shadow.refused],
    ]),
    metric("dimmer_gateway_shadow_cost_usd_total", "counter", "Cost of all shadow calls; in no caller's bill.", [
      [{}, shadow.totalCostMicroUsd / 1e6],
    ]),
    metric("dimmer_gateway_in_flight", "gauge", "Requests being answered.", [[{}, gauges.inFlight]]),
    metric("dimmer_gateway_shadows_running", "gauge", "Shadows running.", [[{}, gauges.shadowsRunning]]),
    metric("dimmer_gateway_ready", "gauge", "1 while the gateway takes requests.", [[{}, Number(gauges.isReady)]]),
    metric("dimmer_gateway_flags_stale", "gauge", "1 while the flags are older than they may be.", [
      [{}, Number(gauges.flags.isStale)],
    ]),
    metric("dimmer_gateway_flags_version", "gauge", "Version of the flag set in force.", [[{}, gauges.flags.version]]),
    metric("dimmer_gateway_flags_age_seconds", "gauge", "Age of the flag set in force.", [
      [{}, gauges.flags.ageMs / 1000],
    ]),
  ].join("");
}

function latencyHistogram(variants: readonly (readonly [string, MeasurementsSnapshot["variants"][string]])[]): string {
  const name = "dimmer_gateway_request_duration_seconds";
  const lines = [...header(name, "histogram", "Time until a request was answered in full.")];
  for (const [variant, totals] of variants) {
    let count = 0;
    for (const [index, requests] of totals.latency.entries()) {
      count += requests;
      const edgeMs = latencyEdgesMs[index];
      lines.push(sample(`${name}_bucket`, { variant, le: edgeMs === undefined ? "+Inf" : edgeMs / 1000 }, count));
    }
    lines.push(
      sample(`${name}_sum`, { variant }, totals.latencySumMs / 1000),
      sample(`${name}_count`, { variant }, count),
    );
  }
  return lines.join("");
}

function metric(name: string, type: string, help: string, samples: readonly Sample[]): string {
  return [...header(name, type, help), ...samples.map(([labels, value]) => sample(name, labels, value))].join("");
}

function header(name: string, type: string, help: string): string[] {
  return [`# HELP ${name} ${help}\n`, `# TYPE ${name} ${type}\n`];
}

function sample(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([key, label]) => `${key}="${escapeLabel(String(label))}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}\n`;
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
