import { execFile } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { buildDashboard } from "../build.ts";

const budgetGzippedBytes = 270 * 1024;

test("the same sources are built once, and nothing is written to stdout", async () => {
  const folder = await buildDashboard();
  const builtAt = (await stat(folder)).mtimeMs;
  const program = 'import { buildDashboard } from "./build.ts"; process.stderr.write(await buildDashboard());';
  const again = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: join(import.meta.dirname, ".."),
  });
  expect(again).toEqual({ stdout: "", stderr: folder });
  expect((await stat(folder)).mtimeMs).toBe(builtAt);
});

test("the page runs nothing inline, loads nothing from elsewhere, and brings no validator", async () => {
  const folder = await buildDashboard();
  const html = await readFile(join(folder, "index.html"), "utf8");
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
  expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
  const files = await readdir(join(folder, "assets"));
  const scripts = await Promise.all(
    files.filter((file) => file.endsWith(".js")).map((file) => readFile(join(folder, "assets", file), "utf8")),
  );
  expect(scripts.join()).not.toMatch(/ZodError|\$ZodType/);
});

test("every text has its small forms beside it, and what a browser fetches stays within its budget", async () => {
  const folder = await buildDashboard();
  const files = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !/\.(br|gz)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  const sizes = await Promise.all(
    files.map(async (file) => {
      const plain = await readFile(file);
      if (!/\.(html|js|css|svg)$/.test(file)) return plain.length;
      const [brotli, gzip] = await Promise.all([readFile(`${file}.br`), readFile(`${file}.gz`)]);
      expect(brotliDecompressSync(brotli).equals(plain)).toBe(true);
      expect(gunzipSync(gzip).equals(plain)).toBe(true);
      return gzip.length;
    }),
  );
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(budgetGzippedBytes);
});
