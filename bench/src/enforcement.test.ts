import { expect, test } from "vitest";
import { judgeEnforcement } from "./enforcement.ts";
import type { Call } from "./system/load.ts";

const served = (startedAt: number, finishedAt: number): Call => ({ startedAt, finishedAt, status: 200 });
const refused = (startedAt: number, finishedAt: number): Call => ({ startedAt, finishedAt, status: 503 });

test("a kill is in force from the first refused call after the last served one", () => {
  const calls = [served(90, 101), served(103, 113), refused(104, 105), refused(105, 106)];
  expect(judgeEnforcement(calls, 100)).toEqual({ enforcedMs: 4, wronglyAdmitted: 0 });
});

test("a kill that flickers is in force only when it has stopped to, and the call it let through is counted", () => {
  const calls = [refused(102, 103), served(107, 117), refused(120, 121)];
  expect(judgeEnforcement(calls, 100)).toEqual({ enforcedMs: 20, wronglyAdmitted: 1 });
});

test("two calls on their way at the same time may be answered differently", () => {
  const calls = [refused(102, 110), served(104, 114), refused(105, 111)];
  expect(judgeEnforcement(calls, 100)).toEqual({ enforcedMs: 5, wronglyAdmitted: 0 });
});

test("a refusal from before the kill says nothing about it", () => {
  expect(judgeEnforcement([refused(99, 104), served(105, 115)], 100).enforcedMs).toBe(Infinity);
});
