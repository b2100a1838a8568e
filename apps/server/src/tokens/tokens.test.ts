import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { RouteName, Scope } from "@dimmer/spec";
import { routes } from "@dimmer/spec/routes";
import { describe, expect, it } from "vitest";
import { createFakeClock } from "../clock.fake.ts";
import { startPlane, temporaryDirectory } from "../../test/start-plane.ts";

describe("the admin token", () => {
  it("is left in a private file of a private folder, and survives a restart", async () => {
    const directory = temporaryDirectory();
    const first = await startPlane({ directory });
    expect(readFileSync(join(directory, "admin-token"), "utf8").trim()).toBe(first.adminToken);
    expect(statSync(join(directory, "admin-token")).mode & 0o777).toBe(0o600);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    await first.close();
    expect((await startPlane({ directory })).adminToken).toBe(first.adminToken);
  });

  it("is replaced when its file is gone, and the old one opens nothing any more", async () => {
    const directory = temporaryDirectory();
    const first = await startPlane({ directory });
    await first.close();
    rmSync(join(directory, "admin-token"));
    const second = await startPlane({ directory });
    expect(second.adminToken).not.toBe(first.adminToken);
    expect(await second.refuse("getStatus", { token: first.adminToken })).toMatchObject({
      status: 401,
      code: "unauthenticated",
    });
  });

  it("still opens a database that was made anew", async () => {
    const directory = temporaryDirectory();
    const first = await startPlane({ directory });
    await first.close();
    for (const name of ["dimmer.db", "dimmer.db-wal", "dimmer.db-shm"]) rmSync(join(directory, name), { force: true });
    expect((await startPlane({ directory })).adminToken).toBe(first.adminToken);
  });
});

describe("tokens", () => {
  it("are shown once and stored as a hash", async () => {
    const plane = await startPlane();
    const { secret, ...token } = await plane.call("createToken", { body: { name: "reader", scopes: ["read"] } });
    expect(await plane.call("listTokens", {})).toContainEqual(token);
    await plane.close();
    const database = new DatabaseSync(join(plane.directory, "dimmer.db"));
    expect(JSON.stringify(database.prepare("select * from tokens").all())).not.toContain(secret);
    expect(JSON.stringify(database.prepare("select * from audit").all())).not.toContain(secret);
    database.close();
  });

  it.each(["", "Bearer", "Bearer nonsense", "Basic YTpi", `Bearer dimmer_0123456789abcdef_${"A".repeat(43)}`])(
    "refuse the authorization '%s'",
    async (authorization) => {
      const plane = await startPlane();
      const response = await fetch(`${plane.url}/api/v1/environments`, { headers: { authorization } });
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toBe("Bearer");
      expect(await response.json()).toMatchObject({ error: { code: "unauthenticated" } });
    },
  );

  it("refuse the right id with the wrong secret", async () => {
    const plane = await startPlane();
    const wrong = `${plane.adminToken.slice(0, -4)}AAAA`;
    expect(await plane.refuse("getStatus", { token: wrong })).toMatchObject({ status: 401 });
  });

  const reach: Record<Scope, readonly Scope[]> = {
    admin: ["read", "observe", "operate", "admin", "kill", "revive"],
    operate: ["operate", "read", "kill", "revive"],
    read: ["read"],
    observe: ["observe"],
    kill: ["kill"],
    revive: ["revive"],
  };
  const probes: Record<Scope, RouteName> = {
    read: "getStatus",
    observe: "sendObservations",
    operate: "applyChangeSet",
    admin: "listTokens",
    kill: "addKill",
    revive: "reviveKills",
  };

  it.each(Object.keys(reach) as Scope[])("with the scope %s reach what it includes and nothing else", async (scope) => {
    const plane = await startPlane();
    const { secret } = await plane.call("createToken", { body: { name: `may-${scope}`, scopes: [scope] } });
    const reached: Scope[] = [];
    for (const probe of Object.keys(probes) as Scope[]) {
      // An empty body is refused as invalid only after the scope was found sufficient.
      const route = routes[probes[probe]];
      const body = route.method === "POST" ? "{}" : undefined;
      const response = await fetch(plane.url + route.path.replace(":environment", "default"), {
        method: route.method,
        headers: {
          authorization: `Bearer ${secret}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body }),
      });
      if (response.status !== 403) reached.push(probe);
    }
    expect(reached.sort()).toEqual([...reach[scope]].sort());
  });

  it("of one environment are good for that one only", async () => {
    const plane = await startPlane();
    await plane.call("createEnvironment", { body: { name: "staging" } });
    const { secret } = await plane.call("createToken", {
      body: { name: "stage", scopes: ["admin"], environment: "staging" },
    });
    expect((await plane.call("getStatus", { token: secret, params: { environment: "staging" } })).environment).toBe(
      "staging",
    );
    expect(await plane.refuse("getStatus", { token: secret })).toMatchObject({ status: 403, code: "forbidden" });
    expect(await plane.refuse("listTokens", { token: secret })).toMatchObject({ status: 403, code: "forbidden" });
  });

  it("end when they expire and when they are revoked", async () => {
    const clock = createFakeClock();
    const plane = await startPlane({ clock });
    const brief = await plane.call("createToken", {
      body: { name: "brief", scopes: ["read"], expiresAt: new Date(clock.nowMs() + 1000).toISOString() },
    });
    await plane.call("getStatus", { token: brief.secret });
    clock.advance(1000);
    expect(await plane.refuse("getStatus", { token: brief.secret })).toMatchObject({ status: 401 });
    const lasting = await plane.call("createToken", { body: { name: "lasting", scopes: ["read"] } });
    expect(await plane.call("deleteToken", { params: { token: lasting.id } })).toEqual({ deleted: true });
    expect(await plane.refuse("getStatus", { token: lasting.secret })).toMatchObject({ status: 401 });
    expect(await plane.call("deleteToken", { params: { token: lasting.id } })).toEqual({ deleted: false });
  });

  it("for an environment that does not exist are refused", async () => {
    const plane = await startPlane();
    expect(
      await plane.refuse("createToken", { body: { name: "x", scopes: ["read"], environment: "mars" } }),
    ).toMatchObject({ status: 404, code: "environment_not_found" });
  });

  it("cannot take the name of the server's own, with which they would go", async () => {
    const plane = await startPlane();
    expect(await plane.refuse("createToken", { body: { name: "admin", scopes: ["read"] } })).toMatchObject({
      status: 400,
      code: "invalid_request",
    });
  });
});
