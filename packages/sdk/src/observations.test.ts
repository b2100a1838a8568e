import { createManualClock } from "@dimmer/api-client/testing";
import type { ManualClock } from "@dimmer/api-client/testing";
import { createDimmer } from "@dimmer/sdk";
import type { Dimmer, DimmerOptions, ObservationInput } from "@dimmer/sdk";
import { observationBatch } from "@dimmer/spec";
import type { ObservationBatch } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { latencyBucket, latencyEdgesMs } from "@dimmer/spec/latency-buckets";
import { createMemoryStore } from "@dimmer/stores/testing";
import type { MemoryStore } from "@dimmer/stores/testing";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { booleanFlag, definitionsOf, flagSetOf } from "../test/fixtures.ts";

let clock: ManualClock;
let server: MemoryStore;
let sent: ObservationBatch[];
let isDown: boolean;
let open: Dimmer[];
beforeEach(() => {
  clock = createManualClock();
  server = createMemoryStore("control-plane", flagSetOf(5, { a: booleanFlag("on"), b: booleanFlag("on") }));
  sent = [];
  isDown = false;
  open = [];
});
afterEach(() => Promise.all(open.map((dimmer) => dimmer.close())));

const send = vi.fn<(batch: ObservationBatch) => Promise<void>>(async (batch) => {
  sent.push(observationBatch.parse(batch));
  if (isDown) throw new DimmerError("server_unreachable");
});
const start = (options: Partial<DimmerOptions> = {}): Dimmer => {
  let ids = 0;
  const dimmer = createDimmer({
    stores: [server],
    clock,
    ids: () => `id-${(ids += 1)}`,
    observations: { send },
    ...options,
  });
  open.push(dimmer);
  return dimmer;
};
const request = (rest: Partial<ObservationInput> = {}): ObservationInput => ({
  flag: "a",
  variant: "on",
  latencyMs: 12,
  isError: false,
  ...rest,
});
const flush = async (waitMs = 1000): Promise<void> => {
  clock.advance(waitMs);
  await new Promise((resolve) => setImmediate(resolve));
};
const bucketsOf = (...latenciesMs: number[]): number[] => {
  const buckets = Array.from({ length: latencyEdgesMs.length + 1 }, () => 0);
  for (const latencyMs of latenciesMs) buckets[latencyBucket(latencyMs)] = (buckets[latencyBucket(latencyMs)] ?? 0) + 1;
  return buckets;
};

test("requests are counted together by flag, version and variant, and sent after the interval", async () => {
  const dimmer = start();
  dimmer.observe(request({ inputTokens: 10, outputTokens: 2, costMicroUsd: 7 }));
  dimmer.observe(request({ latencyMs: 700, isError: true, inputTokens: 5 }));
  dimmer.observe(request({ variant: "off" }));
  await flush(999);
  expect(sent).toEqual([]);
  await flush(1);
  expect(sent).toEqual([
    {
      instanceId: "id-1",
      instanceBootId: "id-2",
      observations: [
        {
          flag: "a",
          setVersion: 5,
          variant: "on",
          sequence: 0,
          requests: 2,
          errors: 1,
          latency: bucketsOf(12, 700),
          inputTokens: 15,
          outputTokens: 2,
          costMicroUsd: 7,
        },
        {
          flag: "a",
          setVersion: 5,
          variant: "off",
          sequence: 1,
          requests: 1,
          errors: 0,
          latency: bucketsOf(12),
          inputTokens: 0,
          outputTokens: 0,
          costMicroUsd: 0,
        },
      ],
    },
  ]);
  expect(dimmer.status().counters).toMatchObject({ observationsSent: 3, observationsDropped: 0 });
  await flush(10_000);
  expect(sent).toHaveLength(1);
});

test("a request counts for the version it was evaluated at", async () => {
  const dimmer = start();
  const { version } = dimmer.details("a", false);
  server.put(flagSetOf(6, { a: booleanFlag("off") }));
  dimmer.observe(request({ setVersion: version }));
  dimmer.observe(request());
  await flush();
  expect(sent[0]?.observations.map((observation) => [observation.setVersion, observation.requests])).toEqual([
    [5, 1],
    [6, 1],
  ]);
});

test("a batch that failed is sent again unchanged, ever more slowly, and what came meanwhile goes after it", async () => {
  const dimmer = start();
  isDown = true;
  dimmer.observe(request());
  await flush(1000);
  dimmer.observe(request());
  await flush(1999);
  expect(sent).toHaveLength(1);
  await flush(1);
  expect(sent[1]).toEqual(sent[0]);
  expect(dimmer.status().faults).toMatchObject([{ source: "observations", code: "server_unreachable" }]);
  isDown = false;
  await flush(4000);
  expect(sent[2]).toEqual(sent[0]);
  await flush(1000);
  expect(sent[3]?.observations.map((observation) => observation.sequence)).toEqual([1]);
  expect(dimmer.status()).toMatchObject({ faults: [], counters: { observationsSent: 2, observationsDropped: 0 } });
});

test("a batch that is refused for what it is does not hold up the next", async () => {
  send.mockRejectedValueOnce(new DimmerError("invalid_request"));
  const dimmer = start();
  dimmer.observe(request());
  await flush();
  expect(dimmer.status().counters.observationsDropped).toBe(1);
  dimmer.observe(request());
  await flush(2000);
  expect(sent[0]?.observations).toMatchObject([{ sequence: 1 }]);
});

test("close sends what is left, once", async () => {
  const dimmer = start();
  dimmer.observe(request());
  await dimmer.close();
  expect(sent).toHaveLength(1);
  dimmer.observe(request());
  expect(dimmer.status().counters).toMatchObject({ observationsSent: 1, observationsDropped: 1 });
});

test("close after a failure sends the pending batch and the counts behind it", async () => {
  const dimmer = start();
  isDown = true;
  dimmer.observe(request());
  await flush();
  dimmer.observe(request({ variant: "off" }));
  isDown = false;
  await dimmer.close();
  expect(sent.slice(1).map((batch) => batch.observations.map((observation) => observation.sequence))).toEqual([
    [0],
    [1],
  ]);
});

test("close does not wait for a control plane that does not answer", async () => {
  const dimmer = start({ observations: { send: () => new Promise(() => undefined) } });
  dimmer.observe(request());
  const closed = dimmer.close();
  await flush(2000);
  await closed;
  expect(dimmer.status().counters).toMatchObject({ observationsSent: 0, observationsDropped: 1 });
});

test("requests the control plane cannot judge are counted as dropped", async () => {
  const file = createMemoryStore("file", definitionsOf({ b: booleanFlag("off") }));
  const dimmer = start({ stores: [file, server], definitions: definitionsOf({ c: booleanFlag("off") }) });
  dimmer.observe(request({ flag: "b" }));
  dimmer.observe(request({ flag: "c" }));
  dimmer.observe(request({ flag: "nowhere" }));
  dimmer.observe(request());
  await flush();
  expect(sent[0]?.observations.map((observation) => observation.flag)).toEqual(["a"]);
  expect(dimmer.status().counters).toMatchObject({ observationsSent: 1, observationsDropped: 3 });
});

test("memory is bounded: combinations beyond 10,000 are dropped and counted", async () => {
  const dimmer = start();
  for (let index = 0; index < 10_050; index += 1) dimmer.observe(request({ variant: `v${index}` }));
  dimmer.observe(request({ variant: "v0" }));
  await flush();
  expect(sent[0]?.observations).toHaveLength(10_000);
  expect(dimmer.status().counters).toMatchObject({ observationsSent: 10_001, observationsDropped: 50 });
});

test("without a sink observing costs nothing", () => {
  const dimmer = createDimmer({ stores: [server], clock });
  open.push(dimmer);
  dimmer.observe(request());
  expect(dimmer.status().counters).toMatchObject({ observationsSent: 0, observationsDropped: 0 });
});

test("whatever is measured, a batch is valid and no request is lost", async () => {
  const number = fc.oneof(fc.double(), fc.integer(), fc.constant(undefined));
  const input = fc.record({
    variant: fc.constantFrom("on", "off"),
    latencyMs: fc.oneof(fc.double(), fc.nat()),
    isError: fc.boolean(),
    inputTokens: number,
    outputTokens: number,
    costMicroUsd: number,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(input, { minLength: 1, maxLength: 20 }), async (inputs) => {
      sent = [];
      const dimmer = start();
      // A caller in plain JavaScript hands over whatever it has.
      for (const values of inputs) dimmer.observe({ flag: "a", ...values } as ObservationInput);
      await dimmer.close();
      const observations = sent.flatMap((batch) => batch.observations);
      expect(observations.reduce((sum, observation) => sum + observation.requests, 0)).toBe(inputs.length);
      expect(observations.flatMap((observation) => observation.latency).reduce((sum, count) => sum + count, 0)).toBe(
        inputs.length,
      );
    }),
  );
});
