import { expect, test } from "vitest";
import { findJsonFault } from "./json-answer.ts";

const schema = {
  type: "object",
  required: ["name", "tags"],
  additionalProperties: false,
  properties: {
    name: { type: "string" },
    tags: { type: "array", items: { enum: ["red", "green"] } },
    size: { anyOf: [{ type: "integer" }, { type: "null" }] },
    kind: { const: "pear" },
  },
};

test.each([
  ['{"name":"a","tags":[]}'],
  ['{"name":"a","tags":["red","green"],"size":3,"kind":"pear"}'],
  ['{"name":"a","tags":["red"],"size":null}'],
])("matches its schema: %s", (text) => {
  expect(findJsonFault(text, schema)).toBeUndefined();
});

test.each([
  ["a required member is missing", '{"name":"a"}'],
  ["a member has another type", '{"name":1,"tags":[]}'],
  ["an item is outside the enum", '{"name":"a","tags":["blue"]}'],
  ["none of the alternatives fits", '{"name":"a","tags":[],"size":1.5}'],
  ["a constant differs", '{"name":"a","tags":[],"kind":"apple"}'],
  ["a member is not allowed", '{"name":"a","tags":[],"other":1}'],
  ["it is no object", "[]"],
])("does not match its schema when %s", (_, text) => {
  expect(findJsonFault(text, schema)).toBe("schema-mismatch");
});

test("JSON in prose or in a code fence is not the JSON that was asked for", () => {
  expect(findJsonFault('Here you are: {"name":"a"}', undefined)).toBe("invalid-json");
  expect(findJsonFault('```json\n{"name":"a"}\n```', undefined)).toBe("invalid-json");
});

test("without a schema an object is asked for", () => {
  expect(findJsonFault('{"anything":true}', undefined)).toBeUndefined();
  expect(findJsonFault("3", undefined)).toBe("schema-mismatch");
});
