/** `dimmer kill`: the fastest path there is. When no control plane answers, the kill goes into the local kill log. */
import { DimmerError } from "@dimmer/spec/errors";
import type { KillResult } from "@dimmer/spec";
import { parseDurationMs } from "../arguments.ts";
import { stringOption, type Command, type Invocation } from "../command.ts";
import { connect } from "../connection.ts";
import { parseKillTarget } from "../kill-target.ts";

export const kill: Command = {
  summary: "stop a provider, model, route, flag, tenant, tool or everything, now",
  usage: "all | <scope> <target>",
  examples: ["dimmer kill provider google --reason 'refusals since 02:40'", "dimmer kill model gpt-4o --for 10m", "dimmer kill all"],
  options: {
    reason: { type: "string", value: "<text>", description: "why; goes into the audit log" },
    for: { type: "string", value: "<duration>", description: "end the kill by itself after this long, such as 10m; default never" },
  },
  async run(invocation) {
    const { scope, target } = parseKillTarget(invocation.positionals);
    const lasting = stringOption(invocation.options, "for");
    const expiresAt = lasting === undefined ? {} : { expiresAt: new Date(Date.now() + parseDurationMs("--for", lasting)).toISOString() };
    const body = { scope, target, reason: stringOption(invocation.options, "reason") ?? "", ...expiresAt };
    const result = await addKill(invocation, body);
    invocation.output.result(result, describe(result, invocation));
    return 0;
  },
};

async function addKill(invocation: Invocation, body: { scope: KillResult["kills"][number]["scope"]; target: string; reason: string; expiresAt?: string }): Promise<KillResult> {
  try {
    const { client, params } = connect(invocation);
    return await client.addKill({ params, body });
  } catch (error) {
    if (!DimmerError.is(error) || error.code !== "server_unreachable" || invocation.env["DIMMER_URL"] !== undefined) throw error;
    invocation.output.say(`No control plane answers (${error.message}); writing the kill into the local kill log.`);
    const { addLocalKill } = await import("../local-kill-log.ts");
    return await addLocalKill(invocation.env, body);
  }
}

function describe(result: KillResult, { output }: Invocation): string {
  const what = result.kills.map((record) => (record.scope === "all" ? "all AI egress" : `${record.scope} ${record.target}`)).join(", ");
  const { connected, applied } = result.replicas;
  const confirmed = connected === 0 ? "no process is connected" : `${applied} of ${connected} connected processes have applied it`;
  return [
    `${output.paint(["red", "bold"], "killed")} ${what}: ${confirmed}${result.durable ? "" : `; ${output.paint("yellow", "not on disk")}: it ends when the server stops`}`,
    `  undo: ${result.undo}`,
  ].join("\n");
}
