import { mkdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { startPlane, temporaryDirectory, type TestPlane } from "../../test/start-plane.ts";

const page = "<!doctype html><title>Dimmer</title>";
const script = "export {};".repeat(200);

async function startWithDashboard(): Promise<TestPlane> {
  const directory = temporaryDirectory();
  const assets = join(directory, "assets");
  mkdirSync(assets);
  writeFileSync(join(directory, "index.html"), page);
  writeFileSync(join(assets, "app.js"), script);
  writeFileSync(join(assets, "app.js.br"), brotliCompressSync(script));
  writeFileSync(join(assets, "app.js.gz"), gzipSync(script));
  writeFileSync(join(assets, "face.woff2"), "a font");
  return await startPlane({ dashboardDirectory: directory });
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** fetch decodes what it gets and chooses Accept-Encoding itself. */
async function get(url: string, headers: Record<string, string> = {}, method: string = "GET"): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    request(url, { headers, method }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    })
      .on("error", reject)
      .end();
  });
}

describe("the dashboard's files", () => {
  it.each([
    ["/", 200, "text/html"],
    ["/?environment=eu", 200, "text/html"],
    ["/rollouts/1", 200, "text/html"],
    ["/assets/app.js", 200, "text/javascript"],
    ["/assets/face.woff2", 200, "font/woff2"],
    ["/assets/app.js.br", 404, "application/json"],
    ["/assets/none.js", 404, "application/json"],
    ["/api/v1/none", 404, "application/json"],
    ["/ofrep/v1/configuration", 404, "application/json"],
    ["/..%2f..%2fetc/passwd", 404, "application/json"],
    ["/constructor.prototype", 404, "application/json"],
  ])("%s: %i %s", async (path, status, type) => {
    const plane = await startWithDashboard();
    const answer = await get(plane.url + path);
    expect(answer.status).toBe(status);
    expect(answer.headers["content-type"]).toContain(type);
    expect(answer.headers["content-security-policy"]).toContain("script-src 'self'");
  });

  it("are kept by browsers where a file's name says its content, and asked for again where not", async () => {
    const plane = await startWithDashboard();
    expect((await get(`${plane.url}/assets/app.js`)).headers["cache-control"]).toBe(
      "public, max-age=31536000, immutable",
    );
    expect((await get(plane.url)).headers["cache-control"]).toBe("no-cache");
  });

  it.each([
    ["gzip, deflate, br, zstd", "br"],
    ["gzip, deflate", "gzip"],
    ["GZIP;q=0.5, BR;q=0", "gzip"],
    ["*", "br"],
    ["*, br;q=0.000", "gzip"],
    ["identity", undefined],
    ["br;q=0, *;q=0", undefined],
    ["", undefined],
  ])("for Accept-Encoding '%s': %s", async (accepted, encoding) => {
    const plane = await startWithDashboard();
    const { headers, body } = await get(`${plane.url}/assets/app.js`, { "accept-encoding": accepted });
    expect(headers["content-encoding"]).toBe(encoding);
    expect(headers.vary).toBe("accept-encoding");
    expect(headers["content-length"]).toBe(String(body.length));
    const plain = encoding === "br" ? brotliDecompressSync(body) : encoding === "gzip" ? gunzipSync(body) : body;
    expect(plain.toString()).toBe(script);
  });

  it("that the build left as they are come plain, and do not vary", async () => {
    const plane = await startWithDashboard();
    const { headers, body } = await get(`${plane.url}/assets/face.woff2`, { "accept-encoding": "br, gzip" });
    expect([headers["content-encoding"], headers.vary]).toEqual([undefined, undefined]);
    expect(body.toString()).toBe("a font");
  });

  it("are not sent again to who has them; every encoding has a tag of its own", async () => {
    const plane = await startWithDashboard();
    const ask = (headers: Record<string, string>): Promise<Answer> => get(`${plane.url}/assets/app.js`, headers);
    const tags = await Promise.all(
      ["br", "gzip", "identity"].map(async (name) => (await ask({ "accept-encoding": name })).headers.etag ?? ""),
    );
    expect(new Set(tags).size).toBe(3);
    const [br = "", gzip = ""] = tags;
    const known = await ask({ "accept-encoding": "br", "if-none-match": `"other", W/${br}` });
    expect(known).toMatchObject({ status: 304, headers: { etag: br, vary: "accept-encoding" } });
    expect(known.body).toHaveLength(0);
    expect((await ask({ "accept-encoding": "br", "if-none-match": gzip })).status).toBe(200);
  });

  it("answer HEAD with the headers alone, and nothing that would change something", async () => {
    const plane = await startWithDashboard();
    const head = await get(`${plane.url}/assets/app.js`, {}, "HEAD");
    expect(head).toMatchObject({ status: 200, headers: { "content-length": String(script.length) } });
    expect(head.body).toHaveLength(0);
    expect((await get(plane.url, {}, "POST")).status).toBe(404);
  });

  it("must be there: a folder without a built page is refused at start, by name", async () => {
    const directory = temporaryDirectory();
    await expect(startPlane({ dashboardDirectory: join(directory, "none") })).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringContaining(`'${join(directory, "none")}' holds no index.html`),
    });
  });
});
