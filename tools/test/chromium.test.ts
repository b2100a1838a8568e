import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findChromium } from "./chromium.ts";

test("DIMMER_CHROMIUM wins over what is on PATH", async () => {
  const onPath = await folderWith("chromium");
  const named = join(await folderWith("my-browser"), "my-browser");
  expect(findChromium({ DIMMER_CHROMIUM: named, PATH: onPath })).toBe(named);
});

test("a DIMMER_CHROMIUM that cannot be run is an error, not a reason to look elsewhere", async () => {
  const onPath = await folderWith("chromium");
  expect(() => findChromium({ DIMMER_CHROMIUM: "/nowhere/chromium", PATH: onPath })).toThrow(/"\/nowhere\/chromium"/);
});

test("PATH comes before the usual places, and without either there is none", async () => {
  const onPath = await folderWith("google-chrome");
  const usual = join(await folderWith("usual"), "usual");
  expect(findChromium({ PATH: onPath }, [usual])).toBe(join(onPath, "google-chrome"));
  expect(findChromium({ PATH: "" }, [usual])).toBe(usual);
  expect(findChromium({}, [])).toBeUndefined();
});

async function folderWith(executable: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "dimmer-chromium-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, executable), "");
  await chmod(join(folder, executable), 0o755);
  return folder;
}
