import { expect, test } from "vitest";
import type { LoadedFlags } from "./candidate.ts";
import { checkAnswers } from "./check-answers.ts";
import { candidate as engine } from "./dimmer-engine.ts";
import { candidate as floor } from "./floor.ts";
import { askedFlags, mixedFlags } from "./workloads.ts";
import type { NeutralFlag } from "./neutral-flag.ts";

const load = async (candidate: typeof engine, flags: readonly NeutralFlag[]): Promise<LoadedFlags> =>
  await candidate.load({ text: candidate.write(flags), path: "" });

test("Dimmer's engine answers every question of the flag bench right", async () => {
  expect(await checkAnswers(await load(engine, askedFlags), await load(engine, mixedFlags))).toEqual([]);
});

test("a candidate that answers without looking is found out, by rules, rollouts and splits", async () => {
  const faults = await checkAnswers(await load(floor, askedFlags), await load(engine, mixedFlags));
  const flags = faults.map((fault) => fault.split(".")[0]);
  expect([...new Set(flags)]).toEqual(["w2", "w3", "w4", "w5", "w6"]);
});
