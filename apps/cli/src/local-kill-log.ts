/** The way of last resort: kills and revives written straight into the kill log that server and gateways on this machine follow. */
import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { join } from "node:path";
import { defaultDirectory } from "@dimmer/api-client/find-control-plane";
import { DimmerError } from "@dimmer/spec/errors";
import { activeKills } from "@dimmer/spec/kill-set";
import { createKillFile } from "@dimmer/stores/file";
import type { KillRequest, KillResult, KillSet, ReviveRequest } from "@dimmer/spec";
import { inEnvironment } from "./connection.ts";
import { killArguments } from "./output/kill-text.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Path of the kill log of the environment the command is about. */
export function localKillLogPath(env: Environment): string {
  return join(env["DIMMER_DIR"] ?? defaultDirectory, `kills-${env["DIMMER_ENVIRONMENT"] ?? "default"}.jsonl`);
}

/** Adds a kill. Nobody confirms it: `replicas` is zero. Throws storage_unavailable when it cannot be written, because then nothing has happened. */
export async function addLocalKill(env: Environment, request: KillRequest): Promise<KillResult> {
  const { scope, target = "*", reason = "", expiresAt } = request;
  const kill = {
    id: randomUUID(),
    scope,
    target,
    reason,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    by: author(),
    at: new Date().toISOString(),
  };
  await write(env, { kills: [kill], revives: [] });
  return { ...unconfirmed, kills: [kill], undo: `dimmer revive ${killArguments(kill)}${inEnvironment(env)}` };
}

/** Takes back the kills in force that the log knows. Throws kill_not_found when none is meant. */
export async function addLocalRevive(env: Environment, request: ReviveRequest): Promise<KillResult> {
  const path = localKillLogPath(env);
  const active = activeKills(await createKillFile({ path }).readKills(new AbortController().signal), Date.now());
  const { killIds, scope, target } = request;
  const kills = active.filter((kill) =>
    killIds === undefined
      ? kill.scope === scope && (scope === "all" || kill.target === target)
      : killIds.includes(kill.id),
  );
  const missing = (killIds ?? []).filter((id) => !kills.some((kill) => kill.id === id));
  const [first, ...rest] = kills;
  if (first === undefined || missing.length > 0) {
    const what =
      killIds === undefined ? killArguments({ scope: scope ?? "all", target: target ?? "" }) : missing.join(", ");
    throw new DimmerError("kill_not_found", `The kill log ${path} has no kill of ${what} in force.`, { path });
  }
  await write(env, {
    kills: [],
    revives: [
      {
        id: randomUUID(),
        killIds: kills.map((kill) => kill.id),
        reason: request.reason ?? "",
        by: author(),
        at: new Date().toISOString(),
      },
    ],
  });
  const undo = [
    ...new Set([first, ...rest].map((kill) => `dimmer kill ${killArguments(kill)}${inEnvironment(env)}`)),
  ].join(" && ");
  return { ...unconfirmed, kills, undo };
}

const unconfirmed = { killVersion: 0, durable: true, replicas: { connected: 0, applied: 0 } } as const;

async function write(env: Environment, set: KillSet): Promise<void> {
  const path = localKillLogPath(env);
  const { durable } = await createKillFile({ path }).mergeKills(set);
  if (!durable)
    throw new DimmerError(
      "storage_unavailable",
      `The kill log ${path} cannot be written, and no control plane took the change: nothing has happened.`,
      { path },
    );
}

function author(): string {
  return `${userInfo().username} (kill log)`;
}
