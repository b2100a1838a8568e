/** The text of a kill file: one JSON object a line, `{"kill": …}` or `{"revive": …}`. */
import type { Kill, KillSet, Revive } from "@dimmer/spec";
import { emptyKillSet, mergeKillSets } from "@dimmer/spec/kill-set";
import { isKill, isRevive } from "../kill-record.ts";

/** A line that is no kill and no revive. */
export interface ForeignLine {
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
  /** JSON all the same, such as the record of a newer version: kept by whoever rewrites the file. */
  readonly isJson: boolean;
}

/** What a text holds. */
export interface KillLog {
  readonly killSet: KillSet;
  /** A last line that is cut off is not among them: what a writer did not finish was never acknowledged. */
  readonly foreignLines: readonly ForeignLine[];
}

export function parseKillLog(text: string): KillLog {
  const kills: Kill[] = [];
  const revives: Revive[] = [];
  const foreignLines: ForeignLine[] = [];
  const lines = text.split("\n");
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const record = parseJson(line);
    if (isMember(record, "kill") && isKill(record.kill)) kills.push(record.kill);
    else if (isMember(record, "revive") && isRevive(record.revive)) revives.push(record.revive);
    else if (index < lines.length - 1) foreignLines.push({ line: index + 1, text: line, isJson: record !== undefined });
  }
  // The union drops records that were written twice.
  return { killSet: mergeKillSets(emptyKillSet, { kills, revives }), foreignLines };
}

export function formatKillLog(killSet: KillSet): string {
  const records = [...killSet.kills.map((kill) => ({ kill })), ...killSet.revives.map((revive) => ({ revive }))];
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}

/** The records of a set that have none of the ids. */
export function withoutIds(killSet: KillSet, ids: ReadonlySet<string>): KillSet {
  return {
    kills: killSet.kills.filter((kill) => !ids.has(kill.id)),
    revives: killSet.revives.filter((revive) => !ids.has(revive.id)),
  };
}

export function idsOf(killSet: KillSet): Set<string> {
  return new Set([...killSet.kills, ...killSet.revives].map((record) => record.id));
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isMember<N extends string>(record: unknown, name: N): record is Record<N, unknown> {
  return typeof record === "object" && record !== null && name in record;
}
