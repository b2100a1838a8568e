// `npm run fuzz [-- --minutes 10] [--seed 7]`: the engine's property tests again, but for a time instead of a number of
// cases and from a seed nobody has seen: hostile sets and contexts, flagd's own evaluator beside ours, lowered sets
// beside their originals. Files run side by side; on two cores the whole takes as long as asked for, or half as long again.
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

const files = ["hostile.test.ts", "differential.test.ts", "lowering/lower.test.ts"].map(
  (name) => `packages/engine/src/${name}`,
);
/** Properties one after the other in the longest of the files. */
const longestFile = 2;

const { values } = parseArgs({ options: { minutes: { type: "string" }, seed: { type: "string" } } });
const minutes = Number(values.minutes ?? 10);
const seed = Number(values.seed ?? Math.trunc(Math.random() * 2 ** 31));
if (!(minutes > 0) || !Number.isInteger(seed)) {
  process.stderr.write("usage: npm run fuzz [-- --minutes <number above 0>] [--seed <whole number>]\n");
  process.exit(2);
}
process.stderr.write(`fuzzing for ${minutes} minutes with seed ${seed}\n`);
const run = spawnSync(
  process.execPath,
  ["node_modules/vitest/vitest.mjs", "run", ...files, "--testTimeout", "0", "--disable-console-intercept"],
  {
    stdio: "inherit",
    env: { ...process.env, DIMMER_FUZZ_MINUTES: String(minutes / longestFile), DIMMER_TEST_SEED: String(seed) },
  },
);
process.exitCode = run.status ?? 1;
