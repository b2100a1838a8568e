/** A control plane as `dimmer server` runs it, with 200 flags of all kinds and every protocol on. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createApiClient } from "@dimmer/api-client";
import type { FlagDefinitions } from "@dimmer/spec";
import { percentageRollout, writeDefinitions } from "../flags/flagd-definitions.ts";
import { mixedFlags } from "../flags/workloads.ts";
import { freePort, startCommand } from "../system/dimmer-command.ts";

const environment = "default";
/** The one flag that every change changes. */
const changedFlag = "bench.changed";

export interface FlagServer {
  /** The administrator's. */
  readonly token: string;
  readonly port: number;
  readonly syncPort: number;
  readonly evaluationPort: number;
  readonly pid: number;
  /** The secret of a new token, as an application has it. */
  createToken(): Promise<string>;
  /** The address of OFREP's event stream for the administrator. A secret. */
  ofrepStream(): Promise<string>;
  /** Makes another set of it, and answers when the control plane has answered. */
  change(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it in an empty folder. */
export async function startFlagServer(directory: string): Promise<FlagServer> {
  const [port, syncPort, evaluationPort] = [await freePort(), await freePort(), await freePort()];
  const ports = { port, "flagd-sync-port": syncPort, "flagd-evaluation-port": evaluationPort };
  const options = Object.entries(ports).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const server = await startCommand(["server", ...options], { DIMMER_DIR: directory });
  const token = readFileSync(join(directory, "admin-token"), "utf8").trim();
  const client = createApiClient({ url: server.url, token });
  const put = async (flags: FlagDefinitions["flags"]): Promise<void> => {
    const edits = Object.entries(flags).map(([flag, definition]) => ({ type: "put" as const, flag, definition }));
    await client.applyChangeSet({ params: { environment }, body: { edits, reason: "bench" } });
  };
  let tokens = 0;
  const createToken = async (): Promise<string> => {
    tokens += 1;
    const body = { name: `application-${tokens}`, scopes: ["read" as const], environment };
    return (await client.createToken({ body })).secret;
  };
  const ofrepStream = async (): Promise<string> => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const response = await fetch(`${server.url}/ofrep/v1/evaluate/flags`, { method: "POST", headers, body: "{}" });
    // The server's own answer, in the form of the protocol.
    const answer = (await response.json()) as { eventStreams: [{ endpoint: { requestUri: string } }] };
    return answer.eventStreams[0].endpoint.requestUri;
  };
  let changes = 0;
  const change = async (): Promise<void> => {
    changes += 1;
    const variants = { now: `change ${changes}`, safe: "" };
    await put({ [changedFlag]: { state: "ENABLED", variants, defaultVariant: "now", safeVariant: "safe" } });
  };
  // What the bench writes for Dimmer is what Dimmer reads.
  await put((writeDefinitions(mixedFlags, percentageRollout) as FlagDefinitions).flags);
  await change();
  return {
    token,
    port,
    syncPort,
    evaluationPort,
    pid: server.pid,
    createToken,
    ofrepStream,
    change,
    stop: async () => await server.stop(),
  };
}
