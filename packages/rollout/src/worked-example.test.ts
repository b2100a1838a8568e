/** The tables of docs/rollouts.md, computed anew: what release engineers read is what the code does. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { addTick, judge, startEvidence } from "@dimmer/rollout";
import { at, planOf, rolloutOf, startMs } from "../test/attempt.ts";
import { armOf } from "../test/traffic.ts";
import { eValue } from "./wording.ts";

const header = "| canary requests | failed | harm e-value | safety e-value | verdict |\n|---|---|---|---|---|\n";

/** Rows of every example table, as cells. */
function readTables(): string[][][] {
  const document = readFileSync(new URL("../../../docs/rollouts.md", import.meta.url), "utf8").replaceAll("\r\n", "\n");
  const tables = document.split(header).slice(1);
  return tables.map((text) => {
    const [rows = ""] = text.split("\n\n");
    return rows.split("\n").map((row) =>
      row
        .split("|")
        .map((cell) => cell.trim())
        .slice(1, -1),
    );
  });
}

test("the worked example in the documentation is what the code says", () => {
  const tables = readTables();
  expect(tables.map((rows) => rows.length)).toEqual([4, 3]);
  const plan = planOf();
  for (const rows of tables) {
    let evidence = startEvidence(plan);
    const computed = rows.map(([requests, failed]) => {
      const { canary } = evidence.stepArms;
      const more = Number(requests) - canary.requests;
      const tick = { canary: armOf(more, Number(failed) - canary.errors), baseline: armOf(9 * more) };
      evidence = addTick(plan, evidence, { at: at(0), ...tick });
      const { type, checks } = judge(rolloutOf({ plan, evidence, bakeEndsAt: at(0) }), startMs, { type: "ok" });
      const [errors] = checks;
      return [requests, failed, eValue(errors?.harmE ?? NaN), eValue(errors?.safetyE ?? NaN), type];
    });
    expect(computed).toEqual(rows);
  }
});
