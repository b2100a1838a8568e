/** Reads a flag's strategy, in the form of spec's `strategy` schema. */
import type { Strategy } from "@dimmer/spec";
import { pointerTo } from "../fault.ts";
import { unitsOfPercentage, rampBetween } from "../strategy/ramp.ts";
import { isList, isObject, isPlain, isText } from "../targeting/values.ts";
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
  const input = flag.read("strategy", isObject, "an object", 'Write {"type": "percentage", "percentage": 10}.');
  if (input === undefined) return undefined;
  const reader = new Reader(input, pointerTo(flag.pointer, "strategy"), flag.faults);
  const type = reader.get("type");
  if (!isStrategyType(type)) {
    reader.fault("type", "There is no such strategy.", `Use one of: ${Object.keys(strategyMembers).join(", ")}.`);
    return undefined;
  }
  const members = strategyMembers[type];
  for (const name of Object.keys(input)) {
    if (name === "type" || members.includes(name)) continue;
    const fix = `Remove it; besides 'type' it takes ${members.join(", ") || "nothing"}.`;
    reader.fault(name, `The strategy '${type}' has no '${name}'.`, fix);
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
      if (reader.get("percentage") === undefined) {
        reader.fault("percentage", "'percentage' is missing.", "Write a number from 0 to 100.");
      }
      return percentage === undefined ? undefined : { type, percentage, ...stickiness };
    }
    case "progressive":
      return { type, ...readTimes(reader), ...stickiness };
    case "canary": {
      const users = reader.texts("users")?.slice();
      const regions = reader.texts("regions")?.slice();
      const attributes = readAttributes(reader);
      const percentage = readPercentage(reader);
      return {
        type,
        ...(users && { users }),
        ...(regions && { regions }),
        ...(attributes && { attributes }),
        ...(percentage !== undefined && { percentage }),
        ...stickiness,
      };
    }
  }
}

function readPercentage(reader: Reader): number | undefined {
  const value = reader.read("percentage", isPercentage, "a number from 0 to 100", "Write such a number.");
  if (value === undefined) return undefined;
  const rounded = unitsOfPercentage(value) / 1_000;
  if (Math.abs(rounded - value) <= 1e-9) return value;
  reader.fault("percentage", "'percentage' has more than three decimals.", `Write ${rounded}.`);
  return undefined;
}

function isPercentage(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= 100;
}

function readStickiness(reader: Reader): { readonly stickiness?: string } {
  const stickiness = reader.text("stickiness");
  if (stickiness === "") reader.fault("stickiness", "'stickiness' names an attribute.", "Name one, or leave it out.");
  return { ...(stickiness !== undefined && { stickiness }) };
}

/** A date and time with its offset from UTC, as RFC 3339 writes it. */
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

export function isInstant(value: unknown): value is string {
  return isText(value) && instant.test(value) && Number.isFinite(Date.parse(value));
}

function readTimes(reader: Reader): { readonly start?: string; readonly end?: string } {
  const readInstant = (name: string): string | undefined =>
    reader.read(name, isInstant, "a date and time with its offset", "Write it as 2026-03-01T09:00:00Z.");
  const start = readInstant("start");
  const end = readInstant("end");
  const ramp = rampBetween(start, end);
  if (ramp !== undefined && ramp.endSeconds <= ramp.startSeconds) {
    reader.fault("end", "'end' must come at least a second after 'start'.", "Move one of them.");
  }
  return { ...(start !== undefined && { start }), ...(end !== undefined && { end }) };
}

function readAttributes(reader: Reader): Record<string, (string | number | boolean)[]> | undefined {
  const input = reader.object("attributes", "lists of values");
  if (input === undefined) return undefined;
  const attributes: Record<string, (string | number | boolean)[]> = {};
  for (const name of memberNames(input, pointerTo(reader.pointer, "attributes"), reader.faults)) {
    const values = input[name];
    if (isList(values) && values.every(isPlain)) attributes[name] = values.slice();
    else {
      const message = "This must be a list of texts, numbers or booleans.";
      reader.entryFault(["attributes", name], message, 'Write {"plan": ["pro", "team"]}.');
    }
  }
  return attributes;
}
