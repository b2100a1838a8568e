/** Reads a flag's strategy, in the form of spec's `strategy` schema. */
import type { Strategy } from "@dimmer/spec";
import { pointerTo } from "../fault.ts";
import { unitsOfPercentage, rampBetween } from "../strategy/ramp.ts";
import { isList, isRecord } from "../targeting/values.ts";
import { memberNames, Reader } from "./reader.ts";

type StrategyType = Strategy["type"];

const strategyMembers: Readonly<Record<StrategyType, readonly string[]>> = {
  "all-at-once": [],
  percentage: ["percentage", "stickiness"],
  progressive: ["start", "end", "stickiness"],
  canary: ["users", "regions", "attributes", "percentage", "stickiness"],
};

function isStrategyType(value: unknown): value is StrategyType {
  return typeof value === "string" && Object.hasOwn(strategyMembers, value);
}

/** The strategy of the flag at `flag`; undefined when there is none, or it has faults. */
export function readStrategy(flag: Reader): Strategy | undefined {
  const input = flag.get("strategy");
  if (input === undefined) return undefined;
  if (!isRecord(input) || isList(input)) {
    flag.fault("strategy", "'strategy' must be an object.", 'Write {"type": "percentage", "percentage": 10}.');
    return undefined;
  }
  const reader = new Reader(input, pointerTo(flag.pointer, "strategy"), flag.faults);
  const type = reader.get("type");
  if (!isStrategyType(type)) {
    reader.fault("type", "There is no such strategy.", `Use one of: ${Object.keys(strategyMembers).join(", ")}.`);
    return undefined;
  }
  for (const name of Object.keys(input)) {
    if (name !== "type" && !strategyMembers[type].includes(name)) {
      const known = strategyMembers[type].length === 0 ? "nothing" : strategyMembers[type].join(", ");
      reader.fault(name, `The strategy '${type}' has no '${name}'.`, `Remove it; besides 'type' it takes ${known}.`);
    }
  }
  return readMembers(type, reader);
}

function readMembers(type: StrategyType, reader: Reader): Strategy | undefined {
  const stickiness = readStickiness(reader);
  switch (type) {
    case "all-at-once":
      return { type };
    case "percentage": {
      const percentage = readPercentage(reader);
      if (percentage === undefined && reader.get("percentage") === undefined) {
        reader.fault("percentage", "'percentage' is missing.", "Write a number from 0 to 100.");
      }
      return percentage === undefined ? undefined : { type, percentage, ...stickiness };
    }
    case "progressive":
      return { type, ...readTimes(reader), ...stickiness };
    case "canary": {
      const percentage = readPercentage(reader);
      const users = reader.texts("users");
      const regions = reader.texts("regions");
      const attributes = readAttributes(reader);
      return {
        type,
        ...(users === undefined ? {} : { users: [...users] }),
        ...(regions === undefined ? {} : { regions: [...regions] }),
        ...(attributes === undefined ? {} : { attributes }),
        ...(percentage === undefined ? {} : { percentage }),
        ...stickiness,
      };
    }
  }
}

function readPercentage(reader: Reader): number | undefined {
  const value = reader.get("percentage");
  if (value === undefined) return undefined;
  if (typeof value !== "number" || !(value >= 0 && value <= 100)) {
    reader.fault("percentage", "'percentage' must be a number from 0 to 100.", "Write such a number.");
    return undefined;
  }
  if (Math.abs(unitsOfPercentage(value) - value * 1_000) > 1e-6) {
    reader.fault(
      "percentage",
      "'percentage' has more than three decimals.",
      `Write ${unitsOfPercentage(value) / 1_000}.`,
    );
    return undefined;
  }
  return value;
}

function readStickiness(reader: Reader): { readonly stickiness?: string } {
  const stickiness = reader.text("stickiness");
  if (stickiness === "") reader.fault("stickiness", "'stickiness' names an attribute.", "Name one, or leave it out.");
  return stickiness === undefined ? {} : { stickiness };
}

/** A date and time with its offset from UTC, as RFC 3339 writes it. */
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

export function isInstant(text: string): boolean {
  return instant.test(text) && Number.isFinite(Date.parse(text));
}

function readTimes(reader: Reader): { readonly start?: string; readonly end?: string } {
  const start = readInstant(reader, "start");
  const end = readInstant(reader, "end");
  const ramp = rampBetween(start, end);
  if (ramp !== undefined && ramp.endSeconds <= ramp.startSeconds) {
    reader.fault("end", "'end' must come at least a second after 'start'.", "Move one of them.");
  }
  return { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) };
}

function readInstant(reader: Reader, name: string): string | undefined {
  const text = reader.text(name);
  if (text === undefined || isInstant(text)) return text;
  reader.fault(name, `'${name}' must be a date and time with its offset.`, "Write it as 2026-03-01T09:00:00Z.");
  return undefined;
}

function readAttributes(reader: Reader): Record<string, (string | number | boolean)[]> | undefined {
  const input = reader.object("attributes", "lists of values");
  if (input === undefined) return undefined;
  const attributes: Record<string, (string | number | boolean)[]> = {};
  for (const name of memberNames(input, pointerTo(reader.pointer, "attributes"), reader.faults)) {
    const values = input[name];
    if (isList(values) && values.every(isAttributeValue)) attributes[name] = values.slice();
    else
      reader.entryFault(
        ["attributes", name],
        "This must be a list of texts, numbers or booleans.",
        'Write {"plan": ["pro", "team"]}.',
      );
  }
  return attributes;
}

function isAttributeValue(value: unknown): value is string | number | boolean {
  return (
    typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))
  );
}
