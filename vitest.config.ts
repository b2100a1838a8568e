// One configuration runs every test of the repository: `name.test.ts` beside the code it tests, on Node. A test that
// drives a real browser ends in `.web.test.ts`; tools/test/chromium.ts finds the browser for it. One that plays a whole
// system in real time ends in `.story.test.ts` and runs after the others, with the machine to itself.
import { defineConfig } from "vitest/config";
import type { ViteUserConfig } from "vitest/config";

const tests = "{packages,apps,tools,bench,conformance,examples,infra}/**/*.test.{ts,tsx}";
const browserTests = "apps/**/*.web.test.ts";
const storyTests = "apps/**/*.story.test.ts";
const ignored = ["**/node_modules/**", "**/dist/**", "**/.dimmer/**"];

// A test that passes only with its neighbours' leftovers or in one time zone is a wrong test.
const shared = {
  // Every core works: by default one is left idle, which on two is half of them.
  maxWorkers: "100%",
  restoreMocks: true,
  unstubEnvs: true,
  unstubGlobals: true,
  env: { TZ: "UTC" },
  setupFiles: ["./tools/test/fixed-seed.ts"],
};

const config: ViteUserConfig = defineConfig({
  test: {
    passWithNoTests: true,
    projects: [
      {
        test: {
          ...shared,
          name: "node",
          include: [tests],
          exclude: [...ignored, browserTests, storyTests],
          testTimeout: 15_000,
        },
      },
      {
        test: {
          ...shared,
          name: "web",
          include: [browserTests],
          exclude: ignored,
          globalSetup: ["./tools/test/chromium.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...shared,
          name: "story",
          include: [storyTests],
          exclude: ignored,
          sequence: { groupOrder: 1 },
          fileParallelism: false,
          testTimeout: 180_000,
        },
      },
    ],
  },
});

export default config;
