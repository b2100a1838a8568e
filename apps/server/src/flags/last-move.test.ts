import { compile, evaluate, type CompiledFlagSet } from "@dimmer/engine";
import fc from "fast-check";
import { expect, test } from "vitest";
import { lastMove } from "./last-move.ts";

const startMs = Date.UTC(2026, 2, 1);

function compileFlags(flags: object): CompiledFlagSet {
  const result = compile({ flags });
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.compiled;
}

const onOff = { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "off" };

function rampOf(durationSeconds: number): object {
  const end = new Date(startMs + durationSeconds * 1000).toISOString();
  return { ...onOff, strategy: { type: "progressive", start: new Date(startMs).toISOString(), end } };
}

test("while nothing has moved, every answer stays the same", () => {
  const keys = Array.from({ length: 40 }, (_, index) => `user-${index}`);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 90 * 86_400 }),
      fc.integer({ min: -10, max: 91 * 86_400 }),
      fc.integer({ min: 0, max: 1000 }),
      (durationSeconds, offsetSeconds, laterSeconds) => {
        const set = compileFlags({ ramp: rampOf(durationSeconds), needs: { ...rampOf(7), prerequisites: ["ramp"] } });
        const move = lastMove(set);
        const nowMs = startMs + offsetSeconds * 1000;
        const thenMs = nowMs + laterSeconds * 1000;
        if (move(nowMs) !== move(thenMs)) return;
        for (const targetingKey of keys) {
          for (const flag of set.keys)
            expect(evaluate(set, flag, { targetingKey }, thenMs)).toBe(evaluate(set, flag, { targetingKey }, nowMs));
        }
      },
    ),
  );
});

test("a long ramp moves once for each 0.001 %, and not before it starts or after it ends", () => {
  const move = lastMove(compileFlags({ ramp: rampOf(1_000_000) }));
  const at = (second: number): number => move(startMs + second * 1000) - startMs / 1000;
  expect([at(10), at(19), at(20), at(1_000_000), at(2_000_000)]).toEqual([10, 10, 20, 1_000_000, 1_000_000]);
  expect(move(startMs - 5000)).toBe(0);
});

test("targeting that reads the time may move any second", () => {
  const move = lastMove(
    compileFlags({ timed: { ...onOff, targeting: { if: [{ ">": [{ var: "$flagd.timestamp" }, 5] }, "on", "off"] } } }),
  );
  expect([move(4999), move(5000)]).toEqual([4, 5]);
});

test("a set without either never moves", () => {
  const move = lastMove(compileFlags({ half: { ...onOff, strategy: { type: "percentage", percentage: 50 } } }));
  expect([move(0), move(startMs)]).toEqual([0, 0]);
});
