import { expect, test } from "vitest";
import { createDraws, drawLatencyMs } from "./draws.ts";

const count = 20_000;
const fair = Array.from({ length: count }, (_, index) => (index + 0.5) / count);

test("with a seed the same text draws the same, whatever was asked before; another seed draws otherwise", () => {
  const [first, second, other] = [
    createDraws(7, Math.random),
    createDraws(7, Math.random),
    createDraws(8, Math.random),
  ];
  first.of("something else");
  first.next();
  expect(first.of("question")).toBe(second.of("question"));
  expect(first.of("question")).not.toBe(other.of("question"));
});

test("seeded draws are spread evenly, by text and in sequence", () => {
  const draws = createDraws(1, Math.random);
  for (const draw of [(index: number) => draws.of(`What is ${index} * 7?`), () => draws.next()]) {
    const below = fair.filter((_, index) => draw(index) < 0.25).length / count;
    // Four standard deviations of a share of 0.25 over 20,000.
    expect(Math.abs(below - 0.25)).toBeLessThan(0.0123);
  }
});

test("latency has the median and the 95th percentile it was given", () => {
  const latencies = fair.map((draw) => drawLatencyMs({ p50Ms: 40, p95Ms: 120 }, draw));
  expect(latencies[count / 2]).toBeCloseTo(40, 0);
  const p95 = latencies[Math.floor(count * 0.95)] ?? 0;
  expect(Math.abs(p95 / 120 - 1)).toBeLessThan(0.02);
});

test("a latency of nothing is nothing", () => {
  expect(drawLatencyMs({ p50Ms: 0, p95Ms: 0 }, 0.9)).toBe(0);
});
