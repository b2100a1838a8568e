/** The status of an environment as a picture. */
import type { EnvironmentStatus, Kill, Replica } from "@dimmer/spec";
import { describeKill } from "./kill-text.ts";
import type { Output } from "./output.ts";
import { drawRollout, formatDuration } from "./rollout-view.ts";
import { drawStageDial } from "./stage-dial.ts";
import { fitLines } from "./wrap.ts";

/** What stands to the left of everything but headings. */
const indentWidth = 9;

/** Warnings first, then stage, rollouts, kills and replicas. */
export function drawStatus(status: EnvironmentStatus, url: string, nowMs: number, output: Output): string {
  const heading = (text: string): string => output.paint("dim", text.padEnd(indentWidth));
  const blocks = [
    `${output.paint("bold", status.environment)}  ${output.paint("dim", `${url}  version ${status.version}`)}`,
    ...warnings(status, output),
    `${heading("stage")}${indentRest(fitLines(drawStageDial(status.stage, output), output, indentWidth))}`,
    ...status.rollouts.map((rollout) => `${heading("rollout")}${indentRest(drawRollout(rollout, nowMs, output))}`),
    `${heading("kills")}${indentRest(fitLines(drawKills(status.activeKills, nowMs, output), output, indentWidth))}`,
    `${heading("replicas")}${indentRest(fitLines(drawReplicas(status, output), output, indentWidth))}`,
  ];
  return blocks.join("\n\n");
}

function warnings(status: EnvironmentStatus, output: Output): string[] {
  return [
    ...(status.isStorageWritable
      ? []
      : [output.paint(["red", "bold"], "The database cannot be written: changes are refused, kills act in memory.")]),
    ...(status.isReadOnly
      ? [output.paint(["yellow", "bold"], "Read-only mode: changes are refused but kill, rollback and stage dark.")]
      : []),
  ];
}

function drawKills(kills: readonly Kill[], nowMs: number, output: Output): string {
  if (kills.length === 0) return output.paint("dim", "none");
  return kills
    .map((kill) => {
      const expiry =
        kill.expiresAt === undefined ? "" : `, ends in ${formatDuration(Date.parse(kill.expiresAt) - nowMs)}`;
      return `${output.paint("red", `✕ ${describeKill(kill)}`)}  by ${kill.by} ${kill.at.slice(0, 19).replace("T", " ")}${expiry}${kill.reason === "" ? "" : `: ${kill.reason}`}`;
    })
    .join("\n");
}

function drawReplicas(status: EnvironmentStatus, output: Output): string {
  if (status.replicas.length === 0) return output.paint("dim", "nobody is connected");
  return status.replicas.map((replica) => drawReplica(replica, status, output)).join("\n");
}

function drawReplica(replica: Replica, status: EnvironmentStatus, output: Output): string {
  const name = `${replica.kind} ${replica.instanceId}`;
  if (!replica.isConnected)
    return `${output.paint("red", "○")} ${name}  gone since ${replica.lastSeenAt.slice(11, 19)}`;
  const lags = replica.flagSetVersion < status.version || replica.killVersion < status.killVersion;
  return `${output.paint(lags ? "yellow" : "green", "●")} ${name}  ${lags ? `behind: version ${replica.flagSetVersion}` : "up to date"}`;
}

function indentRest(text: string): string {
  return text.replaceAll("\n", `\n${" ".repeat(indentWidth)}`);
}
