/** How a simulated provider behaves. All of it can be changed while it runs. */
import type { ConfigReader } from "../../input/config-reader.ts";

/** Rates are shares of calls, 0 to 1. */
export interface SimulatedBehaviour {
  /** Latency of a whole answer, log-normal through these two points. */
  readonly latency: { readonly p50Ms: number; readonly p95Ms: number };
  /** Calls answered with status 500. */
  readonly errorRate: number;
  /** Checkable tasks answered correctly. */
  readonly quality: number;
  readonly faultRates: {
    /** Never begins to answer. */
    readonly timeout: number;
    /** Says no (429): another provider may take it. */
    readonly refusal: number;
    /** Breaks off in the middle of its answer. */
    readonly cutStream: number;
    /** Answers something that is not JSON. */
    readonly malformed: number;
  };
}

/** How a simulated provider behaves, and each of its models that differs. Every default is filled in. */
export interface SimulatedSettings extends SimulatedBehaviour {
  /** With a seed the same model answers the same question alike, and latencies and faults follow one sequence. */
  readonly seed: number | null;
  /** Models that behave differently, whole. */
  readonly models: Readonly<Record<string, SimulatedBehaviour>>;
}

/** Settings as they are written: what is left out is taken from the defaults, a model's from its provider. */
export type SimulatedSettingsInput = BehaviourInput & {
  readonly seed?: number | null;
  readonly models?: Readonly<Record<string, BehaviourInput>>;
};
type BehaviourInput = {
  readonly [K in keyof SimulatedBehaviour]?: SimulatedBehaviour[K] extends number
    ? number
    : Partial<SimulatedBehaviour[K]>;
};

export const defaultBehaviour: SimulatedBehaviour = {
  latency: { p50Ms: 40, p95Ms: 120 },
  errorRate: 0,
  quality: 1,
  faultRates: { timeout: 0, refusal: 0, cutStream: 0, malformed: 0 },
};

const behaviourFields = ["latency", "errorRate", "quality", "faultRates"] as const;
export const simulatedFields: readonly string[] = [...behaviourFields, "seed", "models"];

/** Reads settings; faults go to the reader, and what is faulty keeps its default. */
export function readSimulatedSettings(
  reader: ConfigReader,
  fields: Readonly<Record<string, unknown>>,
  pointer: string,
): SimulatedSettings {
  const own = readBehaviour(reader, fields, pointer, defaultBehaviour);
  const models: Record<string, SimulatedBehaviour> = {};
  const input = fields["models"] === undefined ? {} : (reader.record(fields["models"], `${pointer}/models`) ?? {});
  for (const [model, value] of Object.entries(input)) {
    const at = reader.child(`${pointer}/models`, model);
    const behaviour = reader.record(value, at, behaviourFields);
    if (behaviour !== undefined) models[model] = readBehaviour(reader, behaviour, at, own);
  }
  const seed = fields["seed"] ?? null;
  return {
    ...own,
    models,
    seed: seed === null ? null : reader.integer(seed, `${pointer}/seed`, { fallback: 0, min: 0 }),
  };
}

function readBehaviour(
  reader: ConfigReader,
  fields: Readonly<Record<string, unknown>>,
  pointer: string,
  base: SimulatedBehaviour,
): SimulatedBehaviour {
  const group = (name: "latency" | "faultRates", known: readonly string[]): Readonly<Record<string, unknown>> =>
    fields[name] === undefined ? {} : (reader.record(fields[name], `${pointer}/${name}`, known) ?? {});
  const rate = (value: unknown, name: string, fallback: number): number =>
    reader.number(value, `${pointer}/${name}`, { fallback, min: 0, max: 1 });

  const latency = group("latency", ["p50Ms", "p95Ms"]);
  const p50Ms = reader.number(latency["p50Ms"], `${pointer}/latency/p50Ms`, {
    fallback: base.latency.p50Ms,
    min: 0,
    max: 600_000,
  });
  const fallbackP95Ms = Math.max(p50Ms, base.latency.p95Ms);
  const p95Ms = reader.number(latency["p95Ms"], `${pointer}/latency/p95Ms`, {
    fallback: fallbackP95Ms,
    min: p50Ms,
    max: 600_000,
  });
  const faults = group("faultRates", ["timeout", "refusal", "cutStream", "malformed"]);
  return {
    latency: { p50Ms, p95Ms },
    errorRate: rate(fields["errorRate"], "errorRate", base.errorRate),
    quality: rate(fields["quality"], "quality", base.quality),
    faultRates: {
      timeout: rate(faults["timeout"], "faultRates/timeout", base.faultRates.timeout),
      refusal: rate(faults["refusal"], "faultRates/refusal", base.faultRates.refusal),
      cutStream: rate(faults["cutStream"], "faultRates/cutStream", base.faultRates.cutStream),
      malformed: rate(faults["malformed"], "faultRates/malformed", base.faultRates.malformed),
    },
  };
}
