/** What is asked: W1 to W6 one flag at a time, W7 all flags of a set for one user, W8 the loading of a large set. */
import type { Answer, Condition, NeutralFlag, User } from "./neutral-flag.ts";
import { createRandom } from "./random.ts";
import type { Random } from "./random.ts";
import { holds } from "./reference.ts";

/** One question asked again and again, of four flags alike and many users in turn. */
export interface Workload {
  readonly name: WorkloadName;
  readonly summary: string;
  readonly flags: readonly NeutralFlag[];
  readonly users: readonly User[];
  /** The answer that is counted, so that no answer can be optimised away, and its share of all answers. */
  readonly counted: Answer;
  readonly share: number;
}

export type WorkloadName = "W1" | "W2" | "W3" | "W4" | "W5" | "W6";

const random = createRandom(20_26);

export const users: readonly User[] = Array.from({ length: 10_000 }, () => drawUser(random));

const tenRules: readonly [Condition, ...Condition[]] = [
  { attribute: "country", operator: "equals", value: "BR" },
  { attribute: "plan", operator: "one-of", value: ["enterprise", "partner"] },
  { attribute: "email", operator: "starts-with", value: "qa-" },
  { attribute: "version", operator: "version-at-least", value: "9.0.0" },
  { attribute: "age", operator: "above", value: 76 },
  { attribute: "age", operator: "below", value: 20 },
  { attribute: "country", operator: "one-of", value: ["JP", "KR", "TW", "VN"] },
  { attribute: "email", operator: "starts-with", value: "ops-" },
  { attribute: "plan", operator: "equals", value: "internal" },
  { attribute: "seats", operator: "above", value: 40 },
];
const idList = users.slice(0, 1_000).map((user) => user.id);

/** Every candidate holds the flags of all workloads, and the mixed ones, in one set. */
export const workloads: readonly Workload[] = [
  {
    name: "W1",
    summary: "static, on",
    flags: fourFlags("w1", { type: "static" }),
    users,
    counted: true,
    share: 1,
  },
  {
    name: "W2",
    summary: 'one rule, country == "US"',
    flags: fourFlags("w2", { type: "rules", anyOf: [{ attribute: "country", operator: "equals", value: "US" }] }),
    users,
    counted: true,
    share: 0.5,
  },
  {
    name: "W3",
    summary: "ten rules, the last holds",
    flags: fourFlags("w3", { type: "rules", anyOf: tenRules }),
    users: users.filter((user) => tenRules.findIndex((rule) => holds(rule, user)) === tenRules.length - 1),
    counted: true,
    share: 1,
  },
  {
    name: "W4",
    summary: "50 % rollout on the user id",
    flags: fourFlags("w4", { type: "rollout", percent: 50 }),
    users,
    counted: true,
    share: 0.5,
  },
  {
    name: "W5",
    summary: "id in a list of 1,000",
    flags: fourFlags("w5", { type: "rules", anyOf: [{ attribute: "id", operator: "one-of", value: idList }] }),
    users: users.slice(0, 1_000),
    counted: true,
    share: 1,
  },
  {
    name: "W6",
    summary: "four-way split",
    flags: fourFlags("w6", { type: "split", arms: ["a", "b", "c", "d"] }),
    users,
    counted: "a",
    share: 0.25,
  },
];

/** The 200 flags of W7. */
export const mixedFlags: readonly NeutralFlag[] = drawMixedFlags(200);

/** The flags that are loaded for W1 to W6: the mixed ones are there to keep call sites honest. */
export const askedFlags: readonly NeutralFlag[] = [...workloads.flatMap(({ flags }) => flags), ...mixedFlags];

/** Of 20 flags 8 are static, 5 have rules, one a list of ids, 4 are rollouts and 2 splits. */
export function drawMixedFlags(count: number): NeutralFlag[] {
  const drawn = createRandom(count);
  return Array.from({ length: count }, (_, index) => {
    const key = `mixed.flag-${index}`;
    const place = index % 20;
    if (place < 8) return { key, type: "static" };
    if (place < 12) return { key, type: "rules", anyOf: [tenRules[drawn.below(tenRules.length)] ?? tenRules[0]] };
    if (place === 12) return { key, type: "rules", anyOf: tenRules };
    if (place === 13) {
      const ids = Array.from({ length: 20 }, () => users[drawn.below(users.length)]?.id ?? "");
      return { key, type: "rules", anyOf: [{ attribute: "id", operator: "one-of", value: ids }] };
    }
    if (place < 18) return { key, type: "rollout", percent: 10 + drawn.below(81) };
    return { key, type: "split", arms: ["a", "b", "c", "d"] };
  });
}

type Unnamed<Flag> = Flag extends NeutralFlag ? Omit<Flag, "key"> : never;

function fourFlags(prefix: string, flag: Unnamed<NeutralFlag>): NeutralFlag[] {
  return [0, 1, 2, 3].map((index) => ({ key: `${prefix}.flag-${index}`, ...flag }));
}

function drawUser({ below, pick, uuid }: Random): User {
  const prefix = below(20) === 0 ? pick(["qa-", "ops-"]) : "";
  return {
    id: uuid(),
    country: pick(["US", "US", "US", "US", "DE", "FR", "BR", "JP"]),
    plan: pick(["free", "free", "team", "enterprise", "internal"]),
    email: `${prefix}user${below(100_000)}@example.com`,
    version: `${1 + below(9)}.${below(10)}.${below(10)}`,
    age: 18 + below(60),
    seats: 1 + below(100),
  };
}
