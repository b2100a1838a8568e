/** A control plane in memory, on a real socket, validated by the real contract: for tests of everything that speaks to one. */
import { createHash, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { contract } from "@dimmer/spec";
import type {
  Flag,
  FlagDefinitions,
  FlagSet,
  KillSet,
  KillState,
  ObservationBatch,
  ReplicaReport,
  StreamTopic,
} from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { nextVersion } from "@dimmer/spec/flag-set-version";
import { activeKills, emptyKillSet, mergeKillSets } from "@dimmer/spec/kill-set";
import { routes } from "@dimmer/spec/routes";
import type { RouteName } from "@dimmer/spec/routes";

import { isProofNonce, proofPath, proveServer } from "../src/server-proof.ts";

/** One request as it arrived. */
export interface SeenRequest {
  readonly route: RouteName | undefined;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
}

/** What a test makes a route answer instead. */
export type Answer = (request: SeenRequest, response: ServerResponse) => void;

export interface FakeControlPlane {
  readonly url: string;
  readonly token: string;
  readonly requests: readonly SeenRequest[];
  readonly batches: readonly ObservationBatch[];
  /** Latest report of each instance. */
  readonly reports: ReadonlyMap<string, ReplicaReport>;
  readonly openStreams: number;
  /** Puts a new version in force and streams it. */
  putFlags(flags: Record<string, Flag>, identity?: Partial<Pick<FlagSet, "setId" | "version" | "bucketing">>): FlagSet;
  /** Merges kills and revives and streams them. */
  putKills(killSet: Partial<KillSet>): KillState;
  readonly killState: KillState;
  /** Answers a route otherwise until called with undefined. */
  answer(route: RouteName, answer: Answer | undefined): void;
  /** Writes to every open stream. */
  write(text: string): void;
  /** Cuts every open stream. */
  cutStreams(): void;
  /** Closes the port, cutting every connection. */
  stop(): Promise<void>;
  /** Listens again on the same port. */
  start(): Promise<void>;
  /** Stops and listens on another port, as a server does that is given any free one; `url` is the new one. */
  move(): Promise<void>;
}

/** Starts one; stop it when the test is over. */
export async function startFakeControlPlane(definitions: FlagDefinitions = { flags: {} }): Promise<FakeControlPlane> {
  const token = randomUUID();
  const requests: SeenRequest[] = [];
  const batches: ObservationBatch[] = [];
  const reports = new Map<string, ReplicaReport>();
  const answers = new Map<RouteName, Answer>();
  const streams = new Set<ServerResponse>();
  let flagSet = createFlagSet(definitions, 0, {});
  let killState: KillState = { killVersion: nextVersion(0, Date.now()), killSet: emptyKillSet, active: [] };
  let eventId = 0;
  let server: Server | undefined;
  let port = 0;

  const write = (text: string): void => {
    for (const stream of streams) stream.write(text);
  };
  const eventText = (topic: StreamTopic, data: unknown): string => {
    eventId += 1;
    return `id: ${eventId}\nevent: ${topic}\ndata: ${JSON.stringify(data)}\n\n`;
  };
  const putKills = (killSet: Partial<KillSet>): KillState => {
    const merged = mergeKillSets(killState.killSet, { ...emptyKillSet, ...killSet });
    killState = {
      killVersion: nextVersion(killState.killVersion, Date.now()),
      killSet: merged,
      active: activeKills(merged, Date.now()),
    };
    write(eventText("kills", killState));
    return killState;
  };
  const putFlags: FakeControlPlane["putFlags"] = (flags, identity = {}) => {
    flagSet = createFlagSet({ ...flagSet, flags }, flagSet.version, { setId: flagSet.setId, ...identity });
    write(eventText("flag-set", flagSet));
    return flagSet;
  };

  const openStream = (seen: SeenRequest, response: ServerResponse): void => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    streams.add(response);
    response.on("close", () => streams.delete(response));
    const topics = new URL(seen.url, "http://localhost").searchParams.get("topics")?.split(",") ?? [];
    response.write(": connected\n\n");
    if (topics.includes("flag-set")) response.write(eventText("flag-set", flagSet));
    if (topics.includes("kills")) response.write(eventText("kills", killState));
  };

  const respond = (seen: SeenRequest, response: ServerResponse): void => {
    const name = seen.route;
    if (name === undefined) throw new DimmerError("not_found");
    const replacement = answers.get(name);
    if (replacement !== undefined) return replacement(seen, response);
    if (seen.headers.authorization !== `Bearer ${token}`) throw new DimmerError("unauthenticated");
    switch (name) {
      case "stream":
        return openStream(seen, response);
      case "getFlagSet":
        return sendJson(response, contract.getFlagSet.response.parse(flagSet));
      case "getKills":
        return sendJson(response, contract.getKills.response.parse(killState));
      case "mergeKills":
        return sendJson(response, putKills(contract.mergeKills.body.parse(seen.body)));
      case "applyChangeSet": {
        const { edits } = contract.applyChangeSet.body.parse(seen.body);
        const flags = { ...flagSet.flags };
        for (const edit of edits) {
          if (edit.type === "put") flags[edit.flag] = edit.definition;
          else if (flags[edit.flag] === undefined) throw new DimmerError("flag_not_found");
          else if (edit.type === "remove") delete flags[edit.flag];
          else throw new DimmerError("not_found", `The fake control plane cannot ${edit.type}.`);
        }
        return sendJson(response, { version: putFlags(flags).version, changed: edits.map((edit) => edit.flag) });
      }
      case "sendObservations": {
        const batch = contract.sendObservations.body.parse(seen.body);
        batches.push(batch);
        return sendJson(response, { accepted: batch.observations.length, known: 0 });
      }
      case "reportReplica": {
        const instanceId = decodeURIComponent(seen.url.slice(seen.url.lastIndexOf("/") + 1));
        const report = contract.reportReplica.body.parse(seen.body);
        reports.set(instanceId, report);
        const at = new Date().toISOString();
        return sendJson(response, {
          instanceId,
          kind: "sdk",
          connectedAt: at,
          lastSeenAt: at,
          isConnected: true,
          ...report,
        });
      }
      default:
        throw new DimmerError("not_found", `The fake control plane does not answer ${name}.`);
    }
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    request.setEncoding("utf8");
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const url = request.url ?? "";
    const path = url.split("?", 1)[0] ?? "";
    const match = Object.entries(routes).find(
      ([, route]) =>
        route.method === request.method && new RegExp(`^${route.path.replaceAll(/:\w+/g, "[^/]+")}$`).test(path),
    );
    const seen: SeenRequest = {
      // Object.entries forgets what its keys are.
      route: match?.[0] as RouteName | undefined,
      url,
      headers: request.headers,
      body: text === "" ? undefined : JSON.parse(text),
    };
    requests.push(seen);
    const nonce = new URL(url, "http://localhost").searchParams.get("nonce");
    if (path === proofPath && isProofNonce(nonce))
      return sendJson(response, { proof: proveServer(token, `http://127.0.0.1:${port}`, nonce) });
    try {
      respond(seen, response);
    } catch (thrown) {
      const error = DimmerError.is(thrown) ? thrown : new DimmerError("invalid_request", String(thrown));
      response.writeHead(error.definition.status, { "content-type": "application/json" });
      response.end(JSON.stringify(error.toBody()));
    }
  };

  const start = async (): Promise<void> => {
    const listening = createServer((request, response) => void handle(request, response));
    server = listening;
    await new Promise<void>((resolve) => void listening.listen(port, "127.0.0.1", resolve));
    const address = listening.address();
    if (typeof address === "object" && address !== null) port = address.port;
  };
  const close = async (closing: Server | undefined): Promise<void> => {
    if (closing === undefined) return;
    closing.closeAllConnections();
    await new Promise((resolve) => closing.close(resolve));
  };
  const stop = async (): Promise<void> => {
    const closing = server;
    server = undefined;
    await close(closing);
  };
  const move = async (): Promise<void> => {
    const closing = server;
    port = 0;
    // While the old port is still taken, so that it cannot be the free one.
    await start();
    await close(closing);
  };

  await start();
  return {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    token,
    requests,
    batches,
    reports,
    get openStreams() {
      return streams.size;
    },
    putFlags,
    putKills,
    get killState() {
      return killState;
    },
    answer: (route, answer) => void (answer === undefined ? answers.delete(route) : answers.set(route, answer)),
    write,
    cutStreams: () => {
      for (const stream of streams) stream.destroy();
    },
    stop,
    start,
    move,
  };
}

function createFlagSet(definitions: FlagDefinitions, lastVersion: number, identity: Partial<FlagSet>): FlagSet {
  return {
    ...definitions,
    environment: "default",
    setId: identity.setId ?? randomUUID(),
    version: identity.version ?? nextVersion(lastVersion, Date.now()),
    hash: createHash("sha256").update(JSON.stringify(definitions.flags)).digest("hex"),
    bucketing: identity.bucketing ?? definitions.bucketing ?? "flagd-v2",
  };
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
