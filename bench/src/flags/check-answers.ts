/** Nothing is timed before it is right: hits and misses against the reference, shares of splits, the same answer twice. */
import type { LoadedFlags } from "./candidate.ts";
import type { Answer, NeutralFlag, User } from "./neutral-flag.ts";
import { expectedAnswer } from "./reference.ts";
import { mixedFlags, users, workloads } from "./workloads.ts";

/** With 10,000 users four standard deviations are 2 points at a share of 50 %, less elsewhere. */
const shareTolerance = 0.02;

/** What is wrong, one line each; at most one per flag. `mixed` holds the flags of W7 and no others. */
export async function checkAnswers(loaded: LoadedFlags, mixed: LoadedFlags): Promise<string[]> {
  const faults: string[] = [];
  for (const flag of workloads.flatMap(({ flags }) => flags)) {
    const fault = await checkFlag(loaded, flag);
    if (fault !== undefined) faults.push(fault);
  }
  for (const user of users.slice(0, 50)) {
    const fault = await checkAll(mixed, user);
    if (fault !== undefined) faults.push(fault);
  }
  return faults;
}

/** Asks one flag for one user. */
export function askFlag(loaded: LoadedFlags, flag: NeutralFlag, context: unknown): Answer | Promise<Answer> {
  return flag.type === "split" ? loaded.string(flag.key, context) : loaded.boolean(flag.key, context);
}

async function checkFlag(loaded: LoadedFlags, flag: NeutralFlag): Promise<string | undefined> {
  const counts = new Map<Answer, number>();
  for (const user of users) {
    const answer = await askFlag(loaded, flag, loaded.context(user));
    const expected = expectedAnswer(flag, user);
    if (expected !== undefined && answer !== expected) return `${flag.key}: ${String(answer)} for user ${user.id}`;
    if (expected === undefined && (await askFlag(loaded, flag, loaded.context(user))) !== answer) {
      return `${flag.key}: two answers for user ${user.id}`;
    }
    counts.set(answer, (counts.get(answer) ?? 0) + 1);
  }
  const shares: [Answer, number][] =
    flag.type === "rollout"
      ? [[true, flag.percent / 100]]
      : flag.type === "split"
        ? flag.arms.map((arm) => [arm, 1 / flag.arms.length])
        : [];
  const wrong = shares.find(
    ([answer, share]) => Math.abs((counts.get(answer) ?? 0) / users.length - share) > shareTolerance,
  );
  return wrong === undefined
    ? undefined
    : `${flag.key}: ${counts.get(wrong[0]) ?? 0} of ${users.length} got ${String(wrong[0])}`;
}

async function checkAll(loaded: LoadedFlags, user: User): Promise<string | undefined> {
  const context = loaded.context(user);
  const all = await loaded.all(mixedFlags, context);
  for (const [index, flag] of mixedFlags.entries()) {
    const answer = loaded.answerOf(all, flag.key, index);
    const expected = expectedAnswer(flag, user) ?? (await askFlag(loaded, flag, context));
    if (answer !== expected) return `${flag.key}: ${String(answer)} among all flags of user ${user.id}`;
  }
  return undefined;
}
