/** Kills and revives written as flags: serving `ai.killswitch.provider.google` true kills, false revives. */
import type { ChangeResult, Edit } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { isKilled, parseKillSwitchKey } from "@dimmer/spec/kill-set";
import type { KillService } from "../kills/kill-service.ts";
import type { ReadOnlyMode } from "../status/read-only-mode.ts";
import type { Authorship } from "./flag-set-table.ts";
import type { FlagService } from "./flag-service.ts";

export interface KillSwitchServices {
  readonly kills: KillService;
  readonly flags: FlagService;
  readonly readOnlyMode: ReadOnlyMode;
}

/** Sets kill switches; one that is already as wanted is left alone. Every edit is checked before the first acts. */
export async function setKillSwitches(
  services: KillSwitchServices,
  environment: string,
  edits: readonly Edit[],
  author: Authorship,
): Promise<ChangeResult> {
  const { kills, flags, readOnlyMode } = services;
  const wanted = edits.map(parseSwitch);
  const { active } = kills.state(environment);
  const changes = wanted.filter((one) => isKilled(active, one.scope, one.target) !== one.isOn);
  if (changes.some((change) => !change.isOn)) readOnlyMode.assertWritable(environment, "a revive");
  const undo: string[] = [];
  for (const { scope, target, isOn } of changes) {
    const request = { scope, target, reason: author.reason };
    const result = isOn
      ? await kills.kill(environment, request, author.by)
      : await kills.revive(environment, request, author.by);
    undo.push(result.undo);
  }
  const answer: ChangeResult = {
    version: flags.state(environment).flagSet.version,
    changed: changes.map((change) => change.key),
  };
  if (undo.length > 0) answer.undo = undo.join(" && ");
  return answer;
}

interface WantedSwitch {
  readonly key: string;
  readonly scope: "model" | "provider" | "route";
  readonly target: string;
  readonly isOn: boolean;
}

function parseSwitch(edit: Edit): WantedSwitch {
  const target = parseKillSwitchKey(edit.flag);
  if (target === undefined || edit.type !== "serve")
    throw new DimmerError(
      "invalid_request",
      `'${edit.flag}' is a kill switch: it can be served true or false, and nothing else.`,
      { flag: edit.flag },
    );
  if (typeof edit.value !== "boolean")
    throw new DimmerError(
      "flag_type_mismatch",
      `'${edit.flag}' is a kill switch: its values are true and false, not ${JSON.stringify(edit.value)}.`,
      { flag: edit.flag, value: edit.value },
    );
  return { key: edit.flag, ...target, isOn: edit.value };
}
