/** Reads a flag's strategy, in the form of spec's `strategy` schema. */
import type { Strategy } from "@dimmer/spec";
import { pointerTo } from "../fault.ts";
import { unitsOfPercentage, rampBetween } from "../strategy/ramp.ts";
import { isList, isPlain, isText } from "../targeting/values.ts";
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
  const input = flag.object("strategy");
  if (input === undefined) return undefined;
  const reader = new Reader(input, pointerTo(flag.pointer, "strategy"), flag.faults);
  const type = reader.get("type");
  if (!isStrategyType(type)) {
    reader.fault("type", "unknown-strategy", ...Object.keys(strategyMembers));
    return undefined;
  }
  const members = strategyMembers[type];
  for (const name of Object.keys(input)) {
    if (name !== "type" && !members.includes(name)) reader.fault(name, "unknown-member", type, ...members);
  }
  return readMembers(type, reader);
}

function readMembers(type: StrategyType, reader: Reader): Strategy | undefined {
  const stickiness = reader.read("stickiness", isAttribute, "no-attribute");
  switch (type) {
    case "all-at-once":
      return { type };
    case "percentage": {
      const percentage = readPercentage(reader);
      if (reader.get("percentage") === undefined) reader.fault("percentage", "missing");
      return percentage === undefined ? undefined : { type, percentage, stickiness };
    }
    case "progressive":
      return { type, ...readTimes(reader), stickiness };
    case "canary":
      return {
        type,
        users: reader.texts("users")?.slice(),
        regions: reader.texts("regions")?.slice(),
        attributes: readAttributes(reader),
        percentage: readPercentage(reader),
        stickiness,
      };
  }
}

function readPercentage(reader: Reader): number | undefined {
  const value = reader.read("percentage", isPercentage, "not-percentage");
  if (value === undefined) return undefined;
  const rounded = unitsOfPercentage(value) / 1_000;
  if (Math.abs(rounded - value) <= 1e-9) return value;
  reader.fault("percentage", "too-precise", rounded);
  return undefined;
}

function isPercentage(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= 100;
}

function isAttribute(value: unknown): value is string {
  return isText(value) && value !== "";
}

/** A date and time with its offset from UTC, as RFC 3339 writes it. */
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

export function isInstant(value: unknown): value is string {
  return isText(value) && instant.test(value) && Number.isFinite(Date.parse(value));
}

function readTimes(reader: Reader): Pick<Extract<Strategy, { type: "progressive" }>, "start" | "end"> {
  const start = reader.read("start", isInstant, "not-instant");
  const end = reader.read("end", isInstant, "not-instant");
  const ramp = rampBetween(start, end);
  if (ramp !== undefined && ramp.endSeconds <= ramp.startSeconds) {
    reader.fault("end", "ends-early");
  }
  return { start, end };
}

function readAttributes(reader: Reader): Record<string, (string | number | boolean)[]> | undefined {
  const input = reader.object("attributes");
  if (input === undefined) return undefined;
  const attributes: Record<string, (string | number | boolean)[]> = {};
  for (const name of memberNames(input, pointerTo(reader.pointer, "attributes"), reader.faults)) {
    const values = input[name];
    if (isList(values) && values.every(isPlain)) attributes[name] = values.slice();
    else reader.entryFault(["attributes", name], "not-plain-list");
  }
  return attributes;
}
