import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { expect, test } from "vitest";

/** What an application takes in that imports everything of `@dimmer/engine`: bytes, minified and gzipped. */
async function measureEntry(): Promise<number> {
  const bundle = await rolldown({ input: join(import.meta.dirname, "index.ts") });
  const { output } = await bundle.generate({ format: "esm", minify: true });
  await bundle.close();
  return gzipSync(output[0].code, { level: 9 }).length;
}

test("the engine keeps within its budget of bytes", async () => {
  const bytes = await measureEntry();
  expect(bytes).toBeGreaterThan(5_000);
  expect(bytes).toBeLessThanOrEqual(12_000);
});
