/** What `dimmer up` says when everything is up: where things are, and the flags that matter. */
import { join } from "node:path";
import { createApiClient } from "@dimmer/api-client";
import type { RunningSystem, SystemOptions } from "../up/system.ts";
import type { Output } from "./output.ts";
import { drawStageDial } from "./stage-dial.ts";

/** The flags a person wants to see first. */
const flagsThatMatter = [
  "ai.egress.enabled",
  "orchestration_enabled",
  "phase_4_deployment",
  "orchestration_shadow",
  "emergency_shutdown",
  "maintenance_mode",
  "read_only_mode",
];

/** Addresses, the stage, and the flags that matter. */
export async function drawBanner(
  system: Pick<RunningSystem, "serverUrl" | "gatewayUrl" | "adminToken">,
  { directory, environment }: Pick<SystemOptions, "directory" | "environment">,
  output: Output,
): Promise<string> {
  const client = createApiClient({ url: system.serverUrl, token: system.adminToken });
  const params = { environment };
  const [status, views] = await Promise.all([client.getStatus({ params }), client.listFlags({ params })]);
  const row = (name: string, value: string): string => `  ${output.paint("dim", name.padEnd(10))} ${value}`;
  const flags = flagsThatMatter.flatMap((key) => {
    const view = views.find((candidate) => candidate.key === key);
    return view === undefined
      ? []
      : [
          `  ${key.padEnd(24)} ${output.paint(view.value === true || view.exposure.startsWith("100") ? "green" : "dim", view.exposure)}`,
        ];
  });
  return [
    "",
    `  ${output.paint("bold", "◐ dimmer")}  ${output.paint("dim", "AI features on a dimmer switch")}`,
    "",
    row("dashboard", output.paint("cyan", `${system.serverUrl}/#token=${system.adminToken}`)),
    row("api", `${system.serverUrl}/openapi.json`),
    row("gateway", `${system.gatewayUrl}/v1`),
    row("token", join(directory, "admin-token")),
    "",
    `  ${drawStageDial(status.stage, output).replaceAll("\n", "\n  ")}`,
    "",
    ...flags,
    "",
  ].join("\n");
}
