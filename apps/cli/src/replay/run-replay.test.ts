import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defaultThreshold, scoreModel } from "@dimmer/orchestrator";
import { readMarkedQuestions } from "./marked-questions.ts";
import { chooseThreshold, fitScore } from "./fit-score.ts";
import { describeReplay } from "./replay-report.ts";
import { runReplay } from "./run-replay.ts";
import type { ReplayReport } from "./run-replay.ts";

const header =
  "prompt,mistralai/Mixtral-8x7B-Instruct-v0.1,gpt-4-1106-preview,mistralai/Mixtral-8x7B-Instruct-v0.1_response,gpt-4-1106-preview_response";

interface Row {
  readonly prompt: string;
  readonly cheap: string;
  readonly strong: string;
  readonly isCheapRight: boolean;
  readonly isStrongRight: boolean;
}

/** Questions of our own: the cheap model gets the even ones right and slips in the odd ones; the strong one misses the fifth. */
const rows: readonly Row[] = Array.from({ length: 10 }, (_, index) => {
  const [boxes, pears] = [11 + index, 6 + index];
  const product = boxes * pears;
  const isCheapRight = index % 2 === 0;
  const claimed = isCheapRight ? product : product + 30;
  return {
    prompt: `A farm fills ${boxes} boxes\nwith ${pears} pears each. How many pears is that, "all in all"?`,
    cheap: `The farm packs ${boxes} * ${pears} = <<${boxes}*${pears}=${claimed}>>${claimed} pears.\n#### ${claimed}`,
    strong: `It is ${boxes} * ${pears} = ${product}.\n#### ${index === 4 ? product + 1 : product}`,
    isCheapRight,
    isStrongRight: index !== 4,
  };
});

function toCsv(list: readonly Row[]): string {
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const mark = (isRight: boolean): string => (isRight ? "True" : "False");
  return [
    header,
    ...list.map((row) =>
      [quote(row.prompt), mark(row.isCheapRight), mark(row.isStrongRight), quote(row.cheap), quote(row.strong)].join(
        ",",
      ),
    ),
  ].join("\n");
}

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "dimmer-replay-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function replay(list: readonly Row[], threshold?: number): Promise<ReplayReport> {
  const file = join(directory, "rows.csv");
  await writeFile(file, toCsv(list));
  return runReplay({ file, ...(threshold === undefined ? {} : { threshold }) });
}

describe("a replay of questions of our own", () => {
  test("v1 is the strong model; v2 takes the cheap answers that hold", async () => {
    const report = await replay(rows);
    expect(report.n).toBe(10);
    expect(report.v1.accuracy).toBeCloseTo(0.9);
    // The five right cheap answers are accepted, among them the one where the strong model is wrong.
    expect(report.v2.accuracy).toBeCloseTo(1);
    expect(report.cheapShare).toBeCloseTo(0.5);
    expect(report.accuracyDifference).toBeCloseTo(0.1);
  });

  test("cost is what the price table says of the characters, for every call that was made", async () => {
    const report = await replay(rows);
    const tokens = (text: string): number => Math.ceil(text.length / 4);
    const strong = rows.map((row) => tokens(row.prompt) * 10 + tokens(row.strong) * 30);
    const cheap = rows.map((row) => Math.round((tokens(row.prompt) + tokens(row.cheap)) * 0.24));
    const sum = (list: readonly number[]): number => list.reduce((total, value) => total + value, 0);
    expect(report.v1.costUsd).toBeCloseTo(sum(strong) / 1e6, 9);
    expect(report.v2.costUsd).toBeCloseTo((sum(cheap) + sum(strong.filter((_, index) => index % 2 === 1))) / 1e6, 9);
    expect(report.saving).toBeCloseTo(1 - report.v2.costUsd / report.v1.costUsd, 9);
  });

  test("the curve's point at the threshold is what the gateway did", async () => {
    const report = await replay(rows, 0.8);
    const point = report.curve.find(({ threshold }) => Math.abs(threshold - 0.8) < 1e-9);
    expect(point?.accuracy).toBeCloseTo(report.v2.accuracy, 12);
    expect(point?.saving).toBeCloseTo(report.saving, 12);
  });

  test("the curve's end accepts nothing and pays for the drafts", async () => {
    const last = (await replay(rows)).curve.at(-1);
    expect(last?.threshold).toBe(1);
    expect(last?.accuracy).toBeCloseTo(0.9);
    expect(last?.saving).toBeLessThan(0);
  });

  test("marks change what is counted and nothing else: who answers, at which cost, is the same whatever they say", async () => {
    const honest = await replay(rows);
    const flipped = await replay(
      rows.map((row) => ({ ...row, isCheapRight: !row.isCheapRight, isStrongRight: !row.isStrongRight })),
    );
    expect(flipped.v2.accuracy).toBeCloseTo(1 - honest.v2.accuracy);
    expect(flipped.v2.costUsd).toBe(honest.v2.costUsd);
    expect(flipped.cheapShare).toBe(honest.cheapShare);
    expect(flipped.curve.map((point) => point.saving)).toEqual(honest.curve.map((point) => point.saving));
  });

  test("the report says it in words and columns", async () => {
    const text = describeReplay(await replay(rows), "rows.csv");
    expect(text).toContain("v1     90.00 %");
    expect(text).toContain("<- this run");
    expect(text).toContain("most saved within 1 point");
  });
});

const dataFile = join(process.env["DIMMER_DATA_DIR"] ?? "", "routing/routellm/gsm8k/gsm8k_responses.csv");

// The file is not part of the repository: docs/orchestrator.md says where it comes from.
describe.skipIf(process.env["DIMMER_DATA_DIR"] === undefined || !existsSync(dataFile))("the real file", () => {
  test("v1 reaches what the file says, v2 loses at most 2 points and saves", { timeout: 60_000 }, async () => {
    const report = await runReplay({ file: dataFile });
    expect(report.n).toBe(1319);
    expect(Math.abs(report.v1.accuracy - 0.8567)).toBeLessThan(0.0001);
    expect(report.accuracyDifference).toBeGreaterThanOrEqual(-0.02);
    expect(report.heldOut?.accuracyDifference).toBeGreaterThanOrEqual(-0.02);
    expect(report.saving).toBeGreaterThan(0.3);
  });

  test("the committed weights and threshold are what the fit gives", async () => {
    const questions = await readMarkedQuestions(dataFile);
    expect(fitScore(questions.filter((question) => question.isFitting))).toEqual(scoreModel);
    expect(chooseThreshold(questions)).toBe(defaultThreshold);
  });
});
