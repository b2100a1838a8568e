import { expect, test } from "vitest";
import type { ChatRequest } from "@dimmer/gateway";
import { readDemand } from "./demand.ts";

const sum = "Ann packs 12 boxes of 8 pears. How many pears are that?";

function request(content: unknown, fields: Readonly<Record<string, unknown>> = {}): ChatRequest {
  return { model: "chat", messages: [{ role: "user", content }], ...fields };
}

test("a question with quantities to combine asks for a number", () => {
  expect(readDemand(request(sum))).toEqual({ type: "number", question: sum });
  expect(readDemand(request([{ type: "text", text: sum }]))).toEqual({ type: "number", question: sum });
});

test("the last user message is the question", () => {
  const messages = [
    { role: "system", content: "Add 1 and 2." },
    { role: "user", content: "Hello" },
    { role: "assistant", content: "Hi" },
    { role: "user", content: sum },
  ];
  expect(readDemand({ model: "chat", messages })).toEqual({ type: "number", question: sum });
});

test.each([
  ["no quantities", "Write a poem about pears."],
  ["one quantity", "Name the 3 colours of pears."],
  ["a very long text", `${sum} ${"Pears. ".repeat(2000)}`],
])("%s asks for prose", (_, content) => {
  expect(readDemand(request(content))).toEqual({ type: "prose" });
});

test("a response format asks for JSON, with its schema", () => {
  expect(readDemand(request(sum, { response_format: { type: "json_object" } }))).toEqual({
    type: "json",
    schema: undefined,
  });
  const schema = { type: "object" };
  expect(
    readDemand(request(sum, { response_format: { type: "json_schema", json_schema: { name: "x", schema } } })),
  ).toEqual({ type: "json", schema });
});

test.each([
  ["offers tools", request(sum, { tools: [{ type: "function" }] })],
  ["asks for several answers", request(sum, { n: 2 })],
  [
    "shows an image",
    request([
      { type: "text", text: sum },
      { type: "image_url", image_url: {} },
    ]),
  ],
  ["has no user message", { model: "chat", messages: [{ role: "system", content: sum }] }],
])("what %s cannot be verified", (_, asked) => {
  expect(readDemand(asked).type).toBe("unverifiable");
});
