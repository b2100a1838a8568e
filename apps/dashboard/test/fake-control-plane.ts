/**
 * A control plane in memory: the contract's JSON and stream over node:http, and the built page beside them, under the
 * content security policy the page is meant to run under. Every answer is held against the contract, so the fake cannot
 * drift from what a real server says.
 */
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { contract } from "@dimmer/spec";
import type { AuditEntry, Edit, Kill, KillResult, Rollout, StreamEvent } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { routes } from "@dimmer/spec/routes";
import type { RouteName } from "@dimmer/spec/routes";
import { serving, viewFlag } from "./fake-state.ts";
import type { FakeState } from "./fake-state.ts";

/** The policy the page needs: nothing inline but styles, nothing from elsewhere. */
export const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export interface FakeControlPlane {
  readonly url: string;
  readonly token: string;
  readonly state: FakeState;
  /** Calls that changed something, oldest first. */
  readonly changes: readonly { readonly route: RouteName; readonly body: unknown }[];
  /** Whether kills reach its disk. */
  isDurable: boolean;
  /** Answers the next call of a route with an error. */
  failNext(route: RouteName, error: DimmerError): void;
  /** Sends an event to every reader of the stream. */
  emit(event: StreamEvent): void;
  /** Changes a rollout and tells the readers. */
  putRollout(rollout: Rollout): void;
  /** Accepts no token any more; open streams end. */
  revokeToken(): void;
  /** Goes away: nothing answers until `start`. */
  stop(): Promise<void>;
  /** Comes back at the same address. */
  start(): Promise<void>;
}

/** Starts on 127.0.0.1, on a free port when none is given. */
export async function startFakeControlPlane(
  state: FakeState,
  pageFolder: string,
  port: number = 0,
): Promise<FakeControlPlane> {
  const fake = new Fake(state, pageFolder, port);
  await fake.start();
  return fake;
}

class Fake implements FakeControlPlane {
  readonly state: FakeState;
  readonly token: string = "dimmer_test_token";
  readonly changes: { route: RouteName; body: unknown }[] = [];
  isDurable = true;
  readonly #pageFolder: string;
  readonly #streams = new Set<ServerResponse>();
  readonly #failures = new Map<RouteName, DimmerError>();
  #server: Server | undefined;
  #port: number;
  #isTokenGood = true;
  #eventId = 0;

  constructor(state: FakeState, pageFolder: string, port: number) {
    this.state = state;
    this.#pageFolder = pageFolder;
    this.#port = port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      this.#handle(request, response).catch((error: unknown) =>
        answer(response, 500, DimmerError.from(error).toBody()),
      );
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(this.#port, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the fake control plane has no port");
    this.#port = address.port;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#streams.clear();
    await new Promise<void>((resolve) => {
      if (server === undefined) return resolve();
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  failNext(route: RouteName, error: DimmerError): void {
    this.#failures.set(route, error);
  }

  revokeToken(): void {
    this.#isTokenGood = false;
    for (const stream of this.#streams) stream.end();
  }

  emit(event: StreamEvent): void {
    const parsed = contract.stream.response.parse(event);
    this.#eventId += 1;
    for (const stream of this.#streams) write(stream, this.#eventId, parsed);
  }

  putRollout(rollout: Rollout): void {
    const { status } = this.state;
    status.rollouts = [rollout, ...status.rollouts.filter(({ id }) => id !== rollout.id)];
    this.emit({ event: "rollout", data: rollout });
  }

  #now(): string {
    return new Date(Date.now() + this.state.clockAheadMs).toISOString();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader("date", new Date(this.#now()).toUTCString());
    const url = new URL(request.url ?? "/", this.url);
    if (!url.pathname.startsWith("/api/")) return this.#servePage(url.pathname, response);
    const route = findRoute(request.method ?? "GET", url.pathname);
    try {
      if (!this.#isTokenGood || request.headers.authorization !== `Bearer ${this.token}`)
        throw new DimmerError("unauthenticated");
      if (route === undefined) throw new DimmerError("not_found");
      const failure = this.#failures.get(route);
      this.#failures.delete(route);
      if (failure !== undefined) throw failure;
      if (route === "stream") return this.#openStream(response);
      const body = request.method === "GET" ? undefined : await readJson(request);
      if (body !== undefined) this.changes.push({ route, body });
      const result = this.#answer(route, body);
      answer(response, 200, contract[route].response.parse(result));
    } catch (error) {
      const known = DimmerError.from(error);
      answer(response, known.definition.status, known.toBody());
    }
  }

  #answer(route: Exclude<RouteName, "stream">, body: unknown): unknown {
    const { status, flags, audit, history } = this.state;
    switch (route) {
      case "listEnvironments":
        return [
          { name: status.environment, setId: "set-1", version: status.version, createdAt: status.stage.enteredAt },
        ];
      case "getStatus":
        return status;
      case "listFlags":
        return flags;
      case "listAudit":
        return audit;
      case "listRollouts":
        return [...status.rollouts, ...this.state.earlierAttempts];
      case "getRolloutHistory":
        return Object.values(history)[0] ?? [];
      case "applyChangeSet":
        return this.#applyChangeSet(contract.applyChangeSet.body.parse(body));
      case "enterStage":
        return this.#enterStage(contract.enterStage.body.parse(body));
      case "addKill":
        return this.#addKill(contract.addKill.body.parse(body));
      case "reviveKills":
        return this.#reviveKills(contract.reviveKills.body.parse(body));
      case "actOnRollout":
        return this.#actOnRollout(contract.actOnRollout.body.parse(body));
      default:
        throw new DimmerError("not_found", `The fake has no ${route}.`);
    }
  }

  #applyChangeSet({
    edits,
    reason,
    ifVersion,
  }: {
    edits: Edit[];
    reason: string;
    ifVersion?: number | undefined;
  }): unknown {
    const { status, flags } = this.state;
    if (ifVersion !== undefined && ifVersion !== status.version) throw new DimmerError("flag_set_conflict");
    for (const edit of edits) {
      const index = flags.findIndex(({ key }) => key === edit.flag);
      const view = flags[index];
      if (view === undefined) throw new DimmerError("flag_not_found");
      if (view.locked !== undefined) throw new DimmerError("flag_locked");
      if (edit.type === "serve") flags[index] = viewFlag(view.key, serving(view.definition, edit.value));
      if (edit.type === "expose") flags[index] = viewFlag(view.key, { ...view.definition, strategy: edit.strategy });
    }
    status.isReadOnly = flags.some(({ key, value }) => key === "read_only_mode" && value === true);
    const changed = edits.map(({ flag }) => flag);
    const undo = `dimmer flags set ${changed.join(" ")} --definition '{…}'`;
    this.#newVersion();
    this.#record("flags-changed", changed.join(", "), reason, undo);
    return { version: status.version, changed, undo };
  }

  #enterStage({
    stage,
    reason,
    force,
  }: {
    stage: FakeState["status"]["stage"]["current"];
    reason: string;
    force: boolean;
  }): unknown {
    const { status } = this.state;
    if (stage === "active" && !force && !status.rollouts.some((rollout) => rollout.status === "succeeded")) {
      throw new DimmerError(
        "stage_precondition",
        "The stage 'active' needs a completed rollout: phase_4_deployment is at 50 %.",
      );
    }
    const undo = `dimmer stage ${status.stage.current}`;
    status.stage = { current: stage, enteredAt: this.#now(), enteredBy: "anna", drift: [] };
    this.#newVersion();
    this.emit({ event: "stage", data: status.stage });
    this.#record("stage-entered", stage, reason, undo);
    return { version: status.version, changed: ["ai.egress.enabled"], stage: status.stage, undo };
  }

  #addKill({
    scope,
    target,
    reason,
    expiresAt,
  }: Pick<Kill, "scope" | "target" | "reason"> & { expiresAt?: string | undefined }): KillResult {
    const { status } = this.state;
    const at = this.#now();
    const kill: Kill = {
      id: `kill-${this.changes.length}`,
      scope,
      target,
      by: "anna",
      reason,
      at,
      ...(expiresAt === undefined ? {} : { expiresAt }),
    };
    status.activeKills = [kill, ...status.activeKills];
    return this.#afterKills(
      [kill],
      "kill-added",
      scope === "all" ? "dimmer revive all" : `dimmer revive ${scope} ${target}`,
    );
  }

  #reviveKills({ killIds = [] }: { killIds?: string[] | undefined }): KillResult {
    const { status } = this.state;
    const revived = status.activeKills.filter(({ id }) => killIds.includes(id));
    if (revived.length === 0) throw new DimmerError("kill_not_found");
    status.activeKills = status.activeKills.filter(({ id }) => !killIds.includes(id));
    return this.#afterKills(revived, "kills-revived", "dimmer kill …");
  }

  #afterKills(kills: Kill[], action: string, undo: string): KillResult {
    const { status } = this.state;
    status.killVersion += 1;
    // All but the last replica confirm at once.
    status.replicas = status.replicas.map((replica, index, all) =>
      index === all.length - 1 ? replica : { ...replica, killVersion: status.killVersion },
    );
    this.emit({
      event: "kills",
      data: {
        killVersion: status.killVersion,
        killSet: { kills: status.activeKills, revives: [] },
        active: status.activeKills,
      },
    });
    this.emit({ event: "replicas", data: status.replicas });
    for (const { scope, target, reason } of kills) this.#record(action, `${scope} ${target}`, reason, undo);
    const connected = status.replicas.length;
    return {
      killVersion: status.killVersion,
      kills,
      durable: this.isDurable,
      replicas: { connected, applied: Math.max(0, connected - 1) },
      undo,
    };
  }

  #actOnRollout({ action, reason }: { action: string; reason: string }): unknown {
    const rollout = this.state.status.rollouts[0];
    if (rollout === undefined) throw new DimmerError("rollout_not_found");
    const { pausedAt: _resumed, ...running } = rollout;
    const now = this.#now();
    const changed: Rollout =
      action === "pause"
        ? { ...rollout, status: "paused", pausedAt: now, reason }
        : action === "rollback"
          ? { ...running, status: "rolled-back", endedAt: now, reason }
          : { ...running, status: "running", reason, stepIndex: rollout.stepIndex + (action === "promote" ? 1 : 0) };
    this.putRollout(changed);
    this.#record(`rollout-${action}`, rollout.flag, reason);
    return changed;
  }

  #newVersion(): void {
    const { status, flags } = this.state;
    status.version += 1;
    const definitions = Object.fromEntries(flags.map(({ key, definition }) => [key, definition]));
    const { environment, version } = status;
    this.emit({
      event: "flag-set",
      data: { environment, setId: "set-1", version, hash: "0".repeat(64), bucketing: "flagd-v2", flags: definitions },
    });
  }

  #record(action: string, target: string, reason: string, undo?: string): void {
    const { status, audit } = this.state;
    const id = (audit[0]?.id ?? 0) + 1;
    const at = this.#now();
    const entry: AuditEntry = {
      id,
      environment: status.environment,
      at,
      by: "anna",
      action,
      target,
      reason,
      ...(undo === undefined ? {} : { undo }),
    };
    audit.unshift(entry);
    this.emit({ event: "audit", data: entry });
  }

  #openStream(response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" });
    response.write(": hello\n\n");
    this.#streams.add(response);
    response.on("close", () => this.#streams.delete(response));
    const { status } = this.state;
    write(response, this.#eventId, { event: "stage", data: status.stage });
    for (const data of status.rollouts) write(response, this.#eventId, { event: "rollout", data });
  }

  async #servePage(pathname: string, response: ServerResponse): Promise<void> {
    const file = join(this.#pageFolder, normalize(pathname === "/" ? "/index.html" : pathname));
    const content = await readFile(file).catch(() => undefined);
    if (content === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      "content-type": contentTypes[extname(file)] ?? "application/octet-stream",
      "content-security-policy": contentSecurityPolicy,
      "cache-control": pathname.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
    });
    response.end(content);
  }
}

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

function findRoute(method: string, pathname: string): RouteName | undefined {
  const names = Object.keys(routes).filter((name): name is RouteName => name in routes);
  return names.find((name) => {
    const route = routes[name];
    return route.method === method && new RegExp(`^${route.path.replaceAll(/:\w+/g, "[^/]+")}$`).test(pathname);
  });
}

function write(stream: ServerResponse, id: number, event: StreamEvent): void {
  stream.write(`id: ${id}\nevent: ${event.event}\ndata: ${JSON.stringify(event.data)}\n\n`);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}
