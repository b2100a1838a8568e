/** Rules 3 and 5: one transaction, nothing acknowledged is lost, whenever the process dies. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { startPlane, temporaryDirectory } from "../test/start-plane.ts";
import { hashJson } from "./flags/canonical-json.ts";

interface ChildEnd {
  readonly signal: string | null;
  readonly output: string;
}

async function runCrashChild(directory: string, deadlyStatement: number): Promise<ChildEnd> {
  return await new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(import.meta.dirname, "../test/crash-child.ts"), directory, String(deadlyStatement)],
      (_error, stdout) => resolve({ signal: child.signalCode, output: stdout }),
    );
  });
}

/** What the database holds of the one change, read by nobody's code but SQLite's. */
function readTraces(directory: string): {
  version: number;
  hash: string;
  history: number;
  audit: number;
  outbox: number;
  stage: string;
  status: string;
  flags: Record<string, unknown>;
} {
  const database = new DatabaseSync(join(directory, "dimmer.db"));
  const value = (sql: string): unknown => Object.values(database.prepare(sql).get() ?? {})[0];
  const flags = Object.fromEntries(
    database
      .prepare("select key, definition from flags")
      .all()
      .map((row) => [String(row["key"]), JSON.parse(String(row["definition"])) as unknown]),
  );
  const traces = {
    version: Number(value("select version from flag_sets")),
    hash: String(value("select hash from flag_sets")),
    history: Number(value("select max(version) from flag_history")),
    audit: Number(value("select max(version) from audit")),
    outbox: Number(value("select max(cast(subject as integer)) from outbox where topic = 'flag-set'")),
    stage: String(value("select stage from stages")),
    status: String(value("select status from rollouts")),
    flags,
  };
  database.close();
  return traces;
}

describe("a server that is killed in the middle of a change", () => {
  it("has made all of it or nothing, at whatever statement, and all of it once acknowledged", async () => {
    // Canary with a running rollout; the change is `dark`, which touches flags, stage, rollout, audit and outbox at once.
    const template = temporaryDirectory();
    const plane = await startPlane({ directory: template });
    await plane.call("enterStage", { body: { stage: "canary", force: true } });
    await plane.call("startRollout", { body: { flag: "phase_4_deployment", plan: "safe" } });
    await plane.close();
    const before = readTraces(template);
    const copy = (): string => {
      const directory = temporaryDirectory();
      cpSync(template, directory, { recursive: true });
      return directory;
    };

    const whole = await runCrashChild(copy(), 0);
    const statements = Number(/statements (\d+)/.exec(whole.output)?.[1]);
    expect(statements).toBeGreaterThan(20);

    const outcomes: string[] = [];
    const tryStatement = async (number: number): Promise<void> => {
      const directory = copy();
      const { signal, output } = await runCrashChild(directory, number);
      expect(signal).toBe("SIGKILL");
      const { flags, ...after } = readTraces(directory);
      const wasAcknowledged = output.includes("acknowledged");
      const landed = after.version !== before.version;
      outcomes.push(landed ? "all" : "nothing");
      // Delivered rows leave the outbox with a later change.
      if (landed) expect(after.outbox).toBe(after.version);
      if (wasAcknowledged) expect(landed).toBe(true);
      expect(after.hash).toBe(hashJson({ flags, bucketing: "flagd-v2" }));
      expect(after).toMatchObject({
        history: after.version,
        audit: after.version,
        stage: landed ? "dark" : "canary",
        status: landed ? "aborted" : "running",
      });
    };
    // Every eighth statement and the last ones: each table's turn and the commit, in bearable time.
    const numbers = Array.from({ length: statements }, (_, index) => index + 1).filter(
      (number) => number % 8 === 1 || number > statements - 6,
    );
    for (let index = 0; index < numbers.length; index += 2)
      await Promise.all(numbers.slice(index, index + 2).map(tryStatement));
    expect(outcomes).toContain("nothing");
  }, 90_000);
});

/** Starts the server as its own process and waits until it says where it is. */
async function startProcess(directory: string): Promise<{ url: string; token: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], {
    env: { ...process.env, DIMMER_DIR: directory, DIMMER_PORT: "0" },
    stdio: ["ignore", "inherit", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const url = await new Promise<string>((resolve, reject) => {
    let output = "";
    child.stderr.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      const found = /"url":"([^"]+)"/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.on("exit", () => reject(new Error(`The server ended: ${output}`)));
  });
  return { url, token: readFileSync(join(directory, "admin-token"), "utf8").trim(), child };
}

describe("kill -9 under load", () => {
  it("loses no acknowledged change, kill or observation, and no version goes back", async () => {
    const directory = temporaryDirectory();
    const acknowledged = { versions: new Set<number>(), kills: new Set<string>(), observations: new Set<number>() };
    let sequence = 0;

    for (let round = 0; round < 2; round += 1) {
      const { url, token, child } = await startProcess(directory);
      const exited = new Promise((resolve) => child.on("exit", resolve));
      const post = async (path: string, body: unknown): Promise<Record<string, unknown>> => {
        const response = await fetch(`${url}/api/v1/environments/default/${path}`, {
          method: "POST",
          headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
          body: JSON.stringify(body),
        });
        return (await response.json()) as Record<string, unknown>;
      };
      let value = round % 2 === 0;
      const changing = async (): Promise<void> => {
        value = !value;
        const { version, changed } = await post("change-sets", {
          edits: [{ type: "serve", flag: "ai.streaming.enabled", value }],
        });
        if (Array.isArray(changed) && changed.length > 0) acknowledged.versions.add(Number(version));
      };
      const killing = async (): Promise<void> => {
        const { kills } = await post("kills", { scope: "tenant", target: `t${(sequence += 1)}` });
        for (const kill of kills as { id: string }[]) acknowledged.kills.add(kill.id);
      };
      const observing = async (): Promise<void> => {
        const mine = (sequence += 1);
        await post("observations", {
          instanceId: "i",
          instanceBootId: "b",
          observations: [
            {
              flag: "f",
              setVersion: 1,
              variant: "on",
              sequence: mine,
              requests: 1,
              errors: 0,
              latency: Array.from({ length: 29 }, () => 0),
            },
          ],
        });
        acknowledged.observations.add(mine);
      };
      const target = acknowledged.observations.size + 100;
      const load = [changing, killing, observing, observing].map(async (work) => {
        // Until the server is gone: then the request in flight fails, and that one was not acknowledged.
        for (;;) await work();
      });
      const watch = (async () => {
        while (acknowledged.observations.size < target) await observing();
        child.kill("SIGKILL");
      })();
      await Promise.allSettled([...load, watch]);
      await exited;
    }

    const plane = await startPlane({ directory });
    const history = await plane.call("getFlagHistory", {
      params: { flag: "ai.streaming.enabled" },
      query: { limit: "1000" },
    });
    const versions = new Set(history.map((entry) => entry.version));
    expect([...acknowledged.versions].filter((version) => !versions.has(version))).toEqual([]);
    expect((await plane.call("getFlagSet", {})).version).toBe(Math.max(...versions));
    const kills = new Set((await plane.call("getKills", {})).active.map((kill) => kill.id));
    expect([...acknowledged.kills].filter((id) => !kills.has(id))).toEqual([]);
    const observations = [...acknowledged.observations].map((mine) => ({
      flag: "f",
      setVersion: 1,
      variant: "on",
      sequence: mine,
      requests: 1,
      errors: 0,
      latency: Array.from({ length: 29 }, () => 0),
    }));
    expect(
      await plane.call("sendObservations", { body: { instanceId: "i", instanceBootId: "b", observations } }),
    ).toEqual({ accepted: 0, known: observations.length });
    expect(acknowledged.versions.size).toBeGreaterThan(0);
    expect(acknowledged.kills.size).toBeGreaterThan(0);
  }, 60_000);

  it("leaves a rollout in the same step, with the same deadline and every observation counted once", async () => {
    const directory = temporaryDirectory();
    const first = await startPlane({ directory });
    await first.call("enterStage", { body: { stage: "canary", force: true } });
    const { id, bakeEndsAt } = await first.call("startRollout", {
      body: {
        flag: "phase_4_deployment",
        plan: {
          name: "slow",
          steps: [
            { weightPercent: 10, bakeMs: 3_600_000 },
            { weightPercent: 100, bakeMs: 0 },
          ],
        },
      },
    });
    const { version } = await first.call("getFlagSet", {});
    await first.close();

    let sent = 0;
    for (let round = 0; round < 2; round += 1) {
      const { url, token, child } = await startProcess(directory);
      const exited = new Promise((resolve) => child.on("exit", resolve));
      // Sent again after each crash until acknowledged, as instances do.
      const report = (sequence: number) => ({
        instanceId: "i",
        instanceBootId: "b",
        observations: [
          {
            flag: "phase_4_deployment",
            setVersion: version,
            variant: sequence % 10 === 0 ? "on" : "off",
            sequence,
            requests: 10,
            errors: 0,
            latency: [10, ...Array.from({ length: 28 }, () => 0)],
          },
        ],
      });
      const send = async (sequence: number): Promise<void> => {
        const response = await fetch(`${url}/api/v1/environments/default/observations`, {
          method: "POST",
          headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
          body: JSON.stringify(report(sequence)),
        });
        if (!response.ok) throw new Error(await response.text());
      };
      if (sent > 0) await send(sent - 1);
      for (const end = sent + 60; sent < end; sent += 1) await send(sent);
      child.kill("SIGKILL");
      await exited;
    }

    const second = await startPlane({ directory });
    await expect
      .poll(async () => (await second.call("getRollout", { params: { rollout: id } })).evidence.attemptArms)
      .toMatchObject({ canary: { requests: 120 }, baseline: { requests: 1080 } });
    expect(await second.call("getRollout", { params: { rollout: id } })).toMatchObject({
      status: "running",
      stepIndex: 0,
      bakeEndsAt,
    });
  }, 60_000);
});
