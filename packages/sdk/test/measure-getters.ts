// What one question costs on the ways there are to ask it: `node packages/sdk/test/measure-getters.ts`. Prints the fastest of 21 rounds: what others
// do on the machine only adds.
import { createDimmer, defineFlags } from "@dimmer/sdk";
import type { EvaluationContext } from "@dimmer/sdk";
import { createOpenFeatureProvider } from "@dimmer/sdk/openfeature";
import { createRequestContext } from "@dimmer/sdk/request-context";
import { createMemoryStore } from "@dimmer/stores/testing";
import { OpenFeature } from "@openfeature/server-sdk";

const rounds = 21;
const filler = Object.fromEntries(
  Array.from({ length: 198 }, (_, index) => [
    `filler-${index}`,
    { state: "ENABLED" as const, variants: { on: true, off: false }, defaultVariant: "off" },
  ]),
);
const flags = defineFlags({
  flags: {
    fixed: { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "on" },
    split: {
      state: "ENABLED",
      variants: { on: true, off: false },
      defaultVariant: "off",
      strategy: { type: "percentage", percentage: 50 },
    },
  },
});
const definitions = { flags: { ...flags.definitions.flags, ...filler } };
const stores = [createMemoryStore("memory", definitions)];
const requests = createRequestContext();
const plain = createDimmer({ stores });
const counting = createDimmer({ stores, countExposures: true });
const scoped = createDimmer({ stores, currentContext: requests.current });
const typed = flags.bind(plain);
const users: readonly EvaluationContext[] = Array.from({ length: 1024 }, (_, index) => ({
  targetingKey: `user-${index}`,
}));
const [one = {}] = users;

let trues = 0;
/** Nanoseconds of one call in the fastest round; every answer is used. */
async function measure(calls: number, ask: (user: EvaluationContext) => unknown): Promise<number> {
  let fastestNs = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const start = process.hrtime.bigint();
    for (let call = 0; call < calls; call += 1) {
      const answer = ask(users[call % users.length] ?? one);
      if ((answer instanceof Promise ? await answer : answer) === true) trues += 1;
    }
    fastestNs = Math.min(fastestNs, Number(process.hrtime.bigint() - start) / calls);
  }
  return fastestNs;
}

await OpenFeature.setProviderAndWait(createOpenFeatureProvider(plain));
const client = OpenFeature.getClient();
const provider = OpenFeature.getProvider();
const questions: readonly (readonly [string, number, (user: EvaluationContext) => unknown])[] = [
  ["nothing, the loop alone", 200_000, () => false],
  ["boolean, fixed", 200_000, (user) => plain.boolean("fixed", false, user)],
  ["boolean, fixed, exposures counted", 200_000, (user) => counting.boolean("fixed", false, user)],
  ["typed get, fixed", 200_000, (user) => typed.get("fixed", user)],
  ["boolean, split", 200_000, (user) => plain.boolean("split", false, user)],
  ["boolean, split, exposures counted", 200_000, (user) => counting.boolean("split", false, user)],
  ["typed get, split", 200_000, (user) => typed.get("split", user)],
  ["boolean, split, context of the request", 50_000, () => requests.run(one, () => scoped.boolean("split", false))],
  ["details, split", 100_000, (user) => plain.details("split", false, user)],
  ["all of 200 flags", 2_000, (user) => plain.all(user)],
  [
    "each of 200 flags, one by one",
    2_000,
    (user) => Object.keys(definitions.flags).map((key) => plain.evaluate(key, user)),
  ],
  [
    "OpenFeature provider alone, split",
    20_000,
    (user) => provider.resolveBooleanEvaluation("split", false, { ...user, targetingKey: "u" }, console),
  ],
  ["OpenFeature client, split", 5_000, () => client.getBooleanValue("split", false, { targetingKey: "user-1" })],
];
// Every way is warm before any is measured.
for (const [, calls, ask] of questions) await measure(calls / 20, ask);
for (const [name, calls, ask] of questions) {
  const tookNs = await measure(calls, ask);
  process.stdout.write(`${name.padEnd(42)} ${tookNs.toFixed(tookNs < 100 ? 1 : 0).padStart(8)} ns\n`);
}
process.stdout.write(`(${trues} times on)\n`);
await OpenFeature.close();
