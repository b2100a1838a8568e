/**
 * The short form of a flag file, `{"orchestration_enabled": {"enabled": false}}`: boolean flags by key, with an
 * optional rollout beside `enabled` or under `config`. Expanded, a flag has the variants on and off.
 *
 * A disabled flag serves off to everyone and its rollout is dropped, although its faults are still named: a file that
 * says `"enabled": false` must never expose anybody. An enabled flag without a rollout serves on to everyone.
 */
import type { Flag, FlagDefinitions, Strategy } from "@dimmer/spec";
import { isInstant, readStrategy } from "./compile/read-strategy.ts";
import { memberNames, Reader } from "./compile/reader.ts";
import { FaultList, pointerTo, type Fault } from "./fault.ts";
import { isList, isRecord } from "./targeting/values.ts";

export type ExpandResult =
  | { readonly ok: true; readonly definitions: FlagDefinitions }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** What may stand beside `enabled`, or under `config`. */
const rolloutNames = ["rollout_strategy", "percentage", "start_date", "end_date", "users", "regions"] as const;
const plainNames = ["enabled", "config", "description", "owner"] as const;

/** Whether `input` is in the short form: an object without a `flags` member. */
export function isShortForm(input: unknown): boolean {
  return isRecord(input) && !isList(input) && !Object.hasOwn(input, "flags");
}

/** The full definitions a short-form file stands for, or everything that is wrong with it. */
export function expandShortForm(input: unknown): ExpandResult {
  const faults = new FaultList();
  const flags: Record<string, Flag> = {};
  if (!isRecord(input) || !isShortForm(input)) {
    faults.add("", "not-short-form");
    return { ok: false, faults: faults.toArray() };
  }
  for (const key of memberNames(input, "", faults)) {
    const flag = expandFlag(key, input[key], faults);
    if (flag !== undefined) flags[key] = flag;
  }
  return faults.isEmpty ? { ok: true, definitions: { flags } } : { ok: false, faults: faults.toArray() };
}

function expandFlag(key: string, input: unknown, faults: FaultList): Flag | undefined {
  const pointer = pointerTo("", key);
  if (!isRecord(input) || isList(input)) {
    faults.add(pointer, "not-object", input);
    return undefined;
  }
  const reader = new Reader(input, pointer, faults);
  refuseUnknown(reader, input, [...plainNames, ...rolloutNames]);
  const isEnabled = reader.get("enabled");
  if (typeof isEnabled !== "boolean") {
    reader.fault("enabled", "not-boolean");
  }
  const rollout = expandRollout(reader, readConfig(reader));
  const description = reader.text("description");
  const owner = reader.text("owner");
  const defaultVariant = isEnabled === true && rollout === undefined ? "on" : "off";
  const flag: Flag = { state: "ENABLED", variants: { on: true, off: false }, defaultVariant };
  if (isEnabled === true && rollout !== undefined) flag.strategy = rollout;
  if (description !== undefined) flag.description = description;
  if (owner !== undefined) flag.owner = owner;
  return flag;
}

function readConfig(flag: Reader): Reader | undefined {
  const config = flag.object("config");
  if (config === undefined) return undefined;
  const reader = new Reader(config, pointerTo(flag.pointer, "config"), flag.faults);
  refuseUnknown(reader, config, rolloutNames);
  return reader;
}

function refuseUnknown(reader: Reader, object: object, known: readonly string[]): void {
  for (const name of Object.keys(object)) {
    if (!known.includes(name)) reader.fault(name, "unknown-member", "", ...known);
  }
}

/** The strategy the rollout stands for; undefined when there is none, or it has faults. */
function expandRollout(flag: Reader, config: Reader | undefined): Strategy | undefined {
  const stands = (name: string): Reader => (flag.get(name) === undefined && config !== undefined ? config : flag);
  const get = (name: string): unknown => stands(name).get(name);
  const given = rolloutNames.filter((name) => get(name) !== undefined);
  if (given.length === 0) return undefined;
  const name = get("rollout_strategy") ?? impliedStrategy(given);
  const type = typeof name === "string" ? name.replaceAll("_", "-") : name;
  // Written as the full form and read by its reader, so that both forms have the same rules; faults go to a list of
  // their own, because their pointers must name the members of the short form.
  const full = { strategy: withoutUndefined({ type, ...members(type, get) }) };
  const faults = new FaultList();
  const strategy = readStrategy(new Reader(full, "", faults));
  for (const { pointer, code, value, details = [] } of faults.toArray()) {
    const [, , member = "", ...rest] = pointer.split("/");
    const source = shortNames[member] ?? member;
    const reader = stands(source);
    reader.faults.add([pointerTo(reader.pointer, source), ...rest].join("/"), code, value, ...details);
  }
  return strategy;
}

const shortNames: Readonly<Record<string, string>> = { type: "rollout_strategy", start: "start_date", end: "end_date" };

function impliedStrategy(given: readonly string[]): Strategy["type"] {
  if (given.includes("users") || given.includes("regions")) return "canary";
  return given.includes("start_date") || given.includes("end_date") ? "progressive" : "percentage";
}

/** The members the strategy takes; those of another one (a percentage beside dates) are left out. */
function members(type: unknown, get: (name: string) => unknown): Readonly<Record<string, unknown>> {
  const percentage = get("percentage");
  if (type === "percentage") return { percentage };
  if (type === "canary") return { users: get("users"), regions: get("regions"), percentage };
  if (type !== "progressive") return {};
  return { start: instantOf(get("start_date")), end: instantOf(get("end_date")) };
}

/** A date alone, or one without its offset, is taken in UTC. */
function instantOf(value: unknown): unknown {
  if (isInstant(value) || typeof value !== "string") return value;
  const completed = /^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00:00Z` : `${value.replace(" ", "T")}Z`;
  return isInstant(completed) ? completed : value;
}

function withoutUndefined(object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
