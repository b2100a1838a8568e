import { describe, expect, test } from "vitest";
import { parseReplayFile, readReplayFile } from "./replay-file.ts";

const header =
  "prompt,mistralai/Mixtral-8x7B-Instruct-v0.1,gpt-4-1106-preview,mistralai/Mixtral-8x7B-Instruct-v0.1_response,gpt-4-1106-preview_response";

test("quoted fields keep their line breaks, commas and quotes", () => {
  const { questions, marks } = parseReplayFile(
    `${header}\n"Two ""big"" pears,\nplus 3?",True,False,"2 + 3 = 5\n#### 5",6\n`,
    "x.csv",
  );
  expect(questions).toEqual([
    { prompt: 'Two "big" pears,\nplus 3?', cheapAnswer: "2 + 3 = 5\n#### 5", strongAnswer: "6" },
  ]);
  expect(marks).toEqual([{ isCheapRight: true, isStrongRight: false }]);
});

test("columns are found by their names, wherever they stand; a byte order mark and line ends of Windows do no harm", () => {
  const text =
    "\uFEFFgpt-4-1106-preview_response,extra,prompt,gpt-4-1106-preview,mistralai/Mixtral-8x7B-Instruct-v0.1,mistralai/Mixtral-8x7B-Instruct-v0.1_response\r\nG,x,Q,true,FALSE,M\r\n";
  expect(parseReplayFile(text, "x.csv")).toEqual({
    questions: [{ prompt: "Q", cheapAnswer: "M", strongAnswer: "G" }],
    marks: [{ isCheapRight: false, isStrongRight: true }],
  });
});

test("what the gateway is given carries no mark", () => {
  const { questions } = parseReplayFile(`${header}\nQ,True,False,M,G\n`, "x.csv");
  expect(Object.keys(questions[0] ?? {})).toEqual(["prompt", "cheapAnswer", "strongAnswer"]);
});

describe("a file that cannot be used is refused with the reason", () => {
  test.each([
    ["is empty", "", /'x\.csv' is empty/],
    [
      "has other columns",
      "prompt,answer\nQ,A\n",
      /lacks the columns 'mistralai\/Mixtral-8x7B-Instruct-v0\.1', 'gpt-4-1106-preview'/,
    ],
    ["lacks one column", `${header.replace("prompt", "question")}\nQ,True,True,M,G\n`, /lacks the column 'prompt'\./],
    ["has no rows", `${header}\n`, /a header and no rows/],
    [
      "repeats a prompt",
      `${header}\nQ,True,True,M,G\nR,True,True,M,G\nQ,False,True,M,G\n`,
      /same prompt in rows 1 and 3/,
    ],
    ["has an empty prompt", `${header}\n ,True,True,M,G\n`, /no prompt in row 1/],
    ["has another word for a mark", `${header}\nQ,yes,True,M,G\n`, /'yes' in row 1, column 'mistralai/],
    ["leaves a quote open", `${header}\n"Q,True,True,M,G\n`, /is no CSV/],
    ["has a row that is too short", `${header}\nQ,True\n`, /is no CSV/],
  ])("%s", (_, text, message) => {
    expect(() => parseReplayFile(text, "x.csv")).toThrow(
      expect.objectContaining({ code: "data_invalid", message: expect.stringMatching(message) }),
    );
  });

  test("is not there", async () => {
    await expect(readReplayFile("/no/such/file.csv")).rejects.toMatchObject({
      code: "data_invalid",
      message: expect.stringContaining("/no/such/file.csv"),
    });
  });
});
