/** The flags' part of the API. */
import type { Edit, Flag, FlagView } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { isKilled, parseKillSwitchKey } from "@dimmer/spec/kill-set";
import type { Clock } from "../clock.ts";
import type { RouteHandlers } from "../http/route-handlers.ts";
import type { KillService } from "../kills/kill-service.ts";
import type { ReadOnlyMode } from "../status/read-only-mode.ts";
import type { Storage } from "../storage/storage.ts";
import { readHistory } from "./flag-set-table.ts";
import type { FlagService } from "./flag-service.ts";
import { viewFlag, viewFlags, type FlagSurroundings } from "./flag-views.ts";
import { setKillSwitches } from "./kill-switch-edits.ts";

export interface FlagRouteServices {
  readonly storage: Storage;
  readonly flags: FlagService;
  readonly kills: KillService;
  readonly owners: (environment: string) => ReadonlyMap<string, string>;
  readonly inert: ReadonlyMap<string, string>;
  readonly readOnlyMode: ReadOnlyMode;
  readonly clock: Clock;
}

type FlagHandlers = Pick<RouteHandlers, "getFlagSet" | "listFlags" | "getFlag" | "getFlagHistory" | "applyChangeSet">;

export function flagHandlers(services: FlagRouteServices): FlagHandlers {
  const { storage, flags, kills, owners, inert, readOnlyMode, clock } = services;
  const surroundings = (environment: string): FlagSurroundings => ({
    killedFlags: kills.killedFlags(environment),
    owners: owners(environment),
    inert,
    nowMs: clock.nowMs(),
  });

  return {
    getFlagSet: ({ params }) => flags.state(params.environment).flagSet,

    listFlags: ({ params }) => viewFlags(flags.state(params.environment), surroundings(params.environment)),

    getFlag({ params: { environment, flag } }) {
      const killSwitch = parseKillSwitchKey(flag);
      if (killSwitch !== undefined)
        return viewKillSwitch(flag, isKilled(kills.state(environment).active, killSwitch.scope, killSwitch.target));
      return viewFlag(flags.state(environment), flag, flags.definition(environment, flag), surroundings(environment));
    },

    async getFlagHistory({ params: { environment, flag }, query }) {
      const history = await readHistory(storage.read, environment, flag, query);
      if (history.length === 0 && query.before === undefined) flags.definition(environment, flag);
      return history;
    },

    async applyChangeSet({ params: { environment }, body, principal }) {
      const switches = body.edits.filter((edit) => parseKillSwitchKey(edit.flag) !== undefined);
      if (switches.length > 0) {
        assertOnlySwitches(switches, body.edits);
        return await setKillSwitches({ kills, flags, readOnlyMode }, environment, switches, {
          by: principal.name,
          reason: body.reason,
        });
      }
      if (!readOnlyMode.isLeaving(body.edits)) readOnlyMode.assertWritable(environment, "a change set");
      return await flags.applyChangeSet(environment, body.edits, {
        by: principal.name,
        reason: body.reason,
        ifVersion: body.ifVersion,
      });
    },
  };
}

/** Kills act outside the flag set and at once; together with flags they could not land all or none. */
function assertOnlySwitches(switches: readonly Edit[], edits: readonly Edit[]): void {
  if (switches.length === edits.length) return;
  throw new DimmerError(
    "invalid_request",
    "Kill switches (ai.killswitch.*) and flags cannot be set in one change set; send the kill switches first, alone.",
    { killSwitches: switches.map((edit) => edit.flag) },
  );
}

const killSwitchDefinition: Flag = {
  state: "ENABLED",
  variants: { on: true, off: false },
  defaultVariant: "off",
  safeVariant: "off",
  description: "A kill switch: true while the target is killed.",
};

function viewKillSwitch(key: string, isOn: boolean): FlagView {
  return {
    key,
    definition: { ...killSwitchDefinition, defaultVariant: isOn ? "on" : "off" },
    exposure: String(isOn),
    value: isOn,
    killed: false,
  };
}
