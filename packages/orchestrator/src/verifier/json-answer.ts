/**
 * Checks that an answer is the JSON that was asked for. Of a schema, what OpenAI's structured outputs allow and what
 * shapes an answer is checked: type, properties, required, additionalProperties, items, enum, const, anyOf. A keyword
 * not named here is not checked (https://platform.openai.com/docs/guides/structured-outputs).
 */
import { isRecord } from "../is-record.ts";
import type { AnswerFault } from "./answer-form.ts";

/** What is wrong with a JSON answer; undefined when nothing is. */
export function findJsonFault(text: string, schema: unknown): AnswerFault | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "invalid-json";
  }
  if (schema === undefined) return isRecord(value) ? undefined : "schema-mismatch";
  return matches(value, schema) ? undefined : "schema-mismatch";
}

function matches(value: unknown, schema: unknown): boolean {
  if (!isRecord(schema)) return schema !== false;
  const { type, enum: values, anyOf, items } = schema;
  if (type !== undefined && ![type].flat().some((name) => isOfType(value, name))) return false;
  if (Array.isArray(values) && !values.some((candidate) => isSame(candidate, value))) return false;
  if ("const" in schema && !isSame(schema["const"], value)) return false;
  if (Array.isArray(anyOf) && !anyOf.some((candidate: unknown) => matches(value, candidate))) return false;
  if (Array.isArray(value)) return value.every((item) => matches(item, items ?? true));
  return isRecord(value) ? matchesObject(value, schema) : true;
}

function matchesObject(value: Readonly<Record<string, unknown>>, schema: Readonly<Record<string, unknown>>): boolean {
  const properties = isRecord(schema["properties"]) ? schema["properties"] : {};
  const required: readonly unknown[] = Array.isArray(schema["required"]) ? schema["required"] : [];
  if (required.some((name) => typeof name === "string" && !Object.hasOwn(value, name))) return false;
  const rest = schema["additionalProperties"] ?? true;
  return Object.entries(value).every(([name, member]) =>
    matches(member, Object.hasOwn(properties, name) ? properties[name] : rest),
  );
}

function isOfType(value: unknown, name: unknown): boolean {
  switch (name) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return isRecord(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === name;
  }
}

/** Whether two JSON values are the same, whatever the order of their members. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Array.isArray(one)) {
    return (
      Array.isArray(other) && one.length === other.length && one.every((item, index) => isSame(item, other[index]))
    );
  }
  if (!isRecord(one) || !isRecord(other)) return one === other;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSame(one[name], other[name]))
  );
}
