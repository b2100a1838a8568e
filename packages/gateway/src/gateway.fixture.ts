/** A gateway on loopback in front of fake upstreams, as the tests of this package use it. */
import { createGateway } from "@dimmer/gateway";
import type { Gateway, GatewayConfigInput, GatewayOptions } from "@dimmer/gateway";
import OpenAI from "openai";
import { FakeSwitches } from "./ports/switches.fake.ts";
import { startFakeUpstream } from "./upstream.fake.ts";
import type { FakeUpstream } from "./upstream.fake.ts";

export interface GatewayFixture extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly url: string;
  readonly switches: FakeSwitches;
  /** The providers `one` and `two`; the route `chat` calls model `m1` at the first, then `m2` at the second. */
  readonly one: FakeUpstream;
  readonly two: FakeUpstream;
  /** The official client; it does not try again by itself. */
  readonly client: OpenAI;
  /** A chat request by hand; the body is sent as it is when it is a string or bytes. */
  post(body: object | string | Buffer, headers?: Record<string, string>): Promise<Response>;
  admin(method: string, path: string, body?: object | string): Promise<Response>;
}

export interface FixtureOptions extends Partial<Omit<GatewayOptions, "config" | "dimmer">> {
  readonly config?: Partial<GatewayConfigInput>;
}

export const adminToken = "admin-token-of-the-tests";
export const hello = { model: "chat", messages: [{ role: "user" as const, content: "hello" }] };

/** Everything a plain request needs is on; nothing is killed. */
export async function startGateway({ config, ...options }: FixtureOptions = {}): Promise<GatewayFixture> {
  const [one, two] = await Promise.all([startFakeUpstream(), startFakeUpstream()]);
  const switches = new FakeSwitches().on(
    "ai.egress.enabled",
    "ai.provider.one.enabled",
    "ai.provider.two.enabled",
    "ai.streaming.enabled",
  );
  const gateway = createGateway({
    dimmer: switches,
    adminToken,
    environment: { ONE_KEY: "secret-of-one" },
    random: () => 0,
    ...options,
    config: {
      providers: {
        one: { type: "openai", baseUrl: one.baseUrl, apiKeyEnv: "ONE_KEY" },
        two: { type: "openai", baseUrl: two.baseUrl },
      },
      routes: {
        chat: {
          models: [
            { provider: "one", model: "m1" },
            { provider: "two", model: "m2" },
          ],
        },
      },
      prices: {
        m1: { inputMicroUsdPerMillion: 10_000_000, outputMicroUsdPerMillion: 30_000_000 },
        m2: { inputMicroUsdPerMillion: 1_000_000, outputMicroUsdPerMillion: 2_000_000 },
      },
      retry: { attempts: 1 },
      ...config,
    },
  });
  const { url } = await gateway.listen();
  return {
    gateway,
    url,
    switches,
    one,
    two,
    client: new OpenAI({ apiKey: "none", baseURL: `${url}/v1`, maxRetries: 0 }),
    post: (body, headers = {}) =>
      fetch(`${url}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body),
      }),
    admin: (method, path, body) =>
      fetch(`${url}${path}`, {
        method,
        headers: { authorization: `Bearer ${adminToken}` },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      }),
    async [Symbol.asyncDispose]() {
      await gateway.close({ graceMs: 0 });
      await Promise.all([one.close(), two.close()]);
    },
  };
}

/** The error of a response, as OpenAI's clients read it. */
export async function errorOf(
  response: Response,
): Promise<{ status: number; code: string; message: string; type: string; param: string | null }> {
  const body = (await response.json()) as {
    error: { code: string; message: string; type: string; param: string | null };
  };
  return { status: response.status, ...body.error };
}
