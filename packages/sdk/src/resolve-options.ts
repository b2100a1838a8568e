/** The options of a Dimmer with every default in place, or the reason why they cannot be used. */
import { randomUUID } from "node:crypto";
import { systemClock } from "@dimmer/api-client";
import type { Clock } from "@dimmer/api-client";
import { DimmerError } from "@dimmer/spec/errors";
import { backgroundClock } from "@dimmer/stores";
import type { KillStore } from "@dimmer/stores";
import type { DimmerOptions } from "./dimmer.ts";

export interface ResolvedOptions extends DimmerOptions {
  readonly killStores: readonly KillStore[];
  readonly instanceId: string;
  readonly readTimeoutMs: number;
  readonly refreshIntervalMs: number;
  readonly maxStalenessMs: number;
  readonly flushIntervalMs: number;
  readonly onFault: (error: DimmerError) => void;
  readonly clock: Clock;
  /** For what somebody is awaiting: its timers keep the process alive, those of `clock` do not. */
  readonly awaitedClock: Clock;
  readonly ids: () => string;
}

/** Names that mean something else where the status names sources. */
const reservedNames = ["overrides", "directory", "observations", "replica", "listener"];
const reservedStoreNames = [...reservedNames, "definitions", "default", "kills"];
const reservedKillStoreNames = [...reservedNames, "latch"];

/** Throws `config_invalid`. */
export function resolveOptions(options: DimmerOptions): ResolvedOptions {
  const { stores, killStores = [], ids = randomUUID } = options;
  checkNames(
    "stores",
    reservedStoreNames,
    stores.map((store) => store.name),
  );
  checkNames(
    "killStores",
    reservedKillStoreNames,
    killStores.map((store) => store.name),
  );
  const times = {
    readTimeoutMs: options.readTimeoutMs ?? 5000,
    refreshIntervalMs: options.refreshIntervalMs ?? 15_000,
    maxStalenessMs: options.maxStalenessMs ?? 60_000,
    flushIntervalMs: options.flushIntervalMs ?? 1000,
  };
  for (const [field, value] of Object.entries(times)) {
    if (!(value > 0 && value < 2 ** 31))
      throw invalid(field, `The option '${field}' is ${value}, which is no time to wait in milliseconds.`);
  }
  return {
    ...options,
    ...times,
    killStores,
    ids,
    instanceId: options.instanceId ?? ids(),
    onFault: options.onFault ?? (() => undefined),
    clock: options.clock ?? backgroundClock,
    awaitedClock: options.clock ?? systemClock,
  };
}

function checkNames(field: string, reserved: readonly string[], names: readonly string[]): void {
  for (const [index, name] of names.entries()) {
    if (name === "" || reserved.includes(name))
      throw invalid(field, `One of the ${field} is called '${name}', which is not a name a store can have.`);
    if (names.indexOf(name) !== index)
      throw invalid(field, `Two of the ${field} are called '${name}'; give each a name of its own.`);
  }
}

function invalid(field: string, message: string): DimmerError {
  return new DimmerError("config_invalid", message, { field });
}
