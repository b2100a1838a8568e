/** The way of last resort: a kill written straight into the kill log that server and gateway on this machine watch. */
import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { defaultDirectory } from "@dimmer/api-client/find-control-plane";
import { createFileKillStore } from "@dimmer/stores/file";
import type { KillResult, KillScope } from "@dimmer/spec";

/** Adds a kill to `kills-<environment>.jsonl` in the data folder. Nobody confirms it: `replicas` is zero. */
export async function addLocalKill(
  env: Readonly<Record<string, string | undefined>>,
  request: { readonly scope: KillScope; readonly target: string; readonly reason: string; readonly expiresAt?: string },
): Promise<KillResult> {
  const directory = env["DIMMER_DIR"] ?? defaultDirectory;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const store = createFileKillStore({ path: join(directory, `kills-${env["DIMMER_ENVIRONMENT"] ?? "default"}.jsonl`) });
  const record = { id: randomUUID(), ...request, by: `${userInfo().username} (local kill log)`, at: new Date().toISOString() };
  const { durable } = await store.mergeKills({ kills: [record], revives: [] });
  return { killVersion: 0, kills: [record], durable, replicas: { connected: 0, applied: 0 }, undo: `dimmer revive ${record.id}` };
}
