import { createApiClient, type ApiClient } from "@dimmer/api-client";
import { describe, expect, test } from "vitest";
import { useControlPlane } from "../../test/control-plane.ts";
import { runDimmer, runPrinted, type Env } from "../../test/run-dimmer.ts";

const { open } = useControlPlane();

/** A client with another token than the administrator's. */
const clientWith = (client: ApiClient, secret: unknown): ApiClient =>
  createApiClient({ url: client.url, token: String(secret) });
const tokenCount = async (client: ApiClient): Promise<number> => (await client.listTokens()).length;
/** What every secret looks like. */
const secretForm = /dimmer_[0-9a-f]{16}_[\w-]{43}/;

describe("create", () => {
  test("makes a token that may do what was said, in this environment alone", async () => {
    const { client, params, environment, act } = await open();
    const made = await act("tokens", "create", "--scope", "read,observe", "--name", "checkout");
    expect(made).toMatchObject({ name: "checkout", scopes: ["read", "observe"], environment });
    const mine = clientWith(client, made["secret"]);
    expect(await mine.getStatus({ params })).toMatchObject({ environment });
    await expect(mine.addKill({ params, body: { scope: "all" } })).rejects.toMatchObject({ code: "forbidden" });
    await expect(mine.getStatus({ params: { environment: "default" } })).rejects.toMatchObject({ code: "forbidden" });
  });

  test("makes one for all environments only when told so", async () => {
    const { client, params, act } = await open();
    const made = await act("tokens", "create", "--scope", "kill,revive,kill", "--all-environments");
    expect(made).toMatchObject({ name: "kill+revive-token", scopes: ["kill", "revive"], environment: null });
    const mine = clientWith(client, made["secret"]);
    await mine.addKill({ params, body: { scope: "provider", target: "google" } });
    await mine.addKill({ params: { environment: "default" }, body: { scope: "provider", target: "google" } });
  });

  test("makes one that ends by itself", async () => {
    const { act } = await open();
    const made = await act("tokens", "create", "--scope", "read", "--for", "30d");
    const lastsMs = Date.parse(String(made["expiresAt"])) - Date.parse(String(made["createdAt"]));
    expect(Math.abs(lastsMs - 30 * 86_400_000)).toBeLessThan(60_000);
  });

  test("prints the secret alone on stdout, for $(…), and never again", async () => {
    const { client, params, env } = await open();
    const made = await runDimmer(["tokens", "create", "--scope", "read", "--name", "once"], env);
    const secret = made.stdout.trimEnd();
    expect(secret).toMatch(new RegExp(`^${secretForm.source}$`));
    expect(await clientWith(client, secret).getStatus({ params })).toMatchObject(params);
    expect(made.stderr).toContain("created once: read, environment ");
    expect(made.stderr).not.toMatch(secretForm);
    for (const args of [["tokens", "list"], ["audit"], ["tokens", "list", "--json"], ["audit", "--json"]]) {
      const shown = await runDimmer(args, env);
      expect(shown.exitCode).toBe(0);
      expect(shown.stdout + shown.stderr).not.toMatch(secretForm);
    }
  });

  test("and the undo it prints revokes it", async () => {
    const { client, params, env, act } = await open();
    const made = await act("tokens", "create", "--scope", "read");
    await runPrinted(made["undo"], env);
    await expect(clientWith(client, made["secret"]).getStatus({ params })).rejects.toMatchObject({
      code: "unauthenticated",
    });
  });

  test.each([
    ["for an environment that does not exist", ["--environment", "mars"], 2, "environment_not_found"],
    ["with a token that may not", [], 3, "forbidden"],
  ])("%s is refused, and no token is made", async (_what, args, exitCode, code) => {
    const { client, env } = await open();
    const { secret } = await client.createToken({ body: { name: "operator", scopes: ["operate"] } });
    const before = await tokenCount(client);
    const asked: Env = code === "forbidden" ? { ...env, DIMMER_TOKEN: secret } : env;
    const run = await runDimmer(["tokens", "create", "--scope", "read", ...args, "--json"], asked);
    expect(run.exitCode).toBe(exitCode);
    expect(run.json).toMatchObject({ error: { code } });
    expect(run.stdout + run.stderr).not.toMatch(secretForm);
    expect(await tokenCount(client)).toBe(before);
  });
});

test("list shows what each may do, where, and until when", async () => {
  const { environment, env, act } = await open();
  const made = await act("tokens", "create", "--scope", "read,observe", "--name", "billing app", "--for", "1d");
  const { stdout } = await runDimmer(["tokens", "list"], env);
  const line = stdout.split("\n").find((text) => text.startsWith(String(made["id"])));
  expect(line).toMatch(
    new RegExp(`billing app +read,observe +environment ${environment} +until \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC$`),
  );
  expect(stdout).toMatch(/^[0-9a-f]{16} {2}admin +admin +all environments$/m);
});

describe("revoke", () => {
  test("says how to make another like it", async () => {
    const { client, params, env, act } = await open();
    const made = await act("tokens", "create", "--scope", "observe,read", "--name", "it's", "--all-environments");
    const revoked = await act("tokens", "revoke", String(made["id"]));
    const again = (await runPrinted(revoked["another"], env)).json;
    expect(again).toMatchObject({ name: "it's", scopes: ["observe", "read"], environment: null });
    await expect(clientWith(client, made["secret"]).getStatus({ params })).rejects.toMatchObject({
      code: "unauthenticated",
    });
    expect(await clientWith(client, again["secret"]).getStatus({ params })).toMatchObject(params);
  });

  test("of a token that is not there is refused", async () => {
    const { env } = await open();
    const run = await runDimmer(["tokens", "revoke", "0123456789abcdef", "--json"], env);
    expect(run.exitCode).toBe(2);
    expect(run.json).toMatchObject({ error: { code: "token_not_found", fix: expect.stringContaining("tokens list") } });
  });

  test("of the token it is asked with is refused: nobody could make another", async () => {
    const { client, env } = await open();
    const admin = (await client.listTokens()).find(({ name }) => name === "admin");
    const run = await runDimmer(["tokens", "revoke", String(admin?.id), "--json"], env);
    expect(run.exitCode).toBe(2);
    expect(run.json).toMatchObject({ error: { code: "invalid_request" } });
    expect(await client.listTokens()).toContainEqual(admin);
  });
});

const secret = `dimmer_0123456789abcdef_${"A".repeat(43)}`;

test.each([
  [["revoke", secret]],
  [["revoke", "0123456789abcdef", secret]],
  [[secret]],
  [["create", "--scope", secret]],
  [["create", "--scope", "read", "--name", secret]],
  [["create", "--scope", "read", "--for", secret]],
])("a secret where an id or a name belongs is not repeated, and its id is named: tokens %j", async (args) => {
  for (const more of [[], ["--json"]]) {
    const run = await runDimmer(["tokens", ...args, ...more], { DIMMER_DIR: "/nonexistent/dimmer" });
    expect(run.exitCode).toBe(2);
    expect(run.stdout + run.stderr).not.toMatch(secretForm);
    expect(run.stderr).toContain("dimmer tokens revoke 0123456789abcdef");
  }
});
