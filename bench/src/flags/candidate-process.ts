/**
 * One candidate in a process of its own, doing what the parent asks, one thing at a time: so no candidate's garbage,
 * timers or call sites touch another's, while their rounds still take turns.
 */
import type { Candidate, LoadedFlags } from "./candidate.ts";
import { checkAnswers } from "./check-answers.ts";
import { createExercise, measureBytes, time, warmUpMixed } from "./measure.ts";
import type { Exercise, Timing } from "./measure.ts";
import { measureLoad } from "./measure-load.ts";
import type { LoadFigures } from "./measure-load.ts";
import { writeWireFile } from "./wire-file.ts";
import type { NeutralFlag } from "./neutral-flag.ts";
import { askedFlags, mixedFlags } from "./workloads.ts";
import type { WorkloadName } from "./workloads.ts";

/** W1 to W7. */
export type TimedName = WorkloadName | "W7";

export type Request =
  | { readonly type: "describe" }
  | { readonly type: "check" }
  | { readonly type: "time"; readonly name: TimedName; readonly operations: number }
  | { readonly type: "bytes"; readonly name: TimedName }
  | { readonly type: "load" };

/** Answers of each request, in the order of `Request`. */
export interface Replies {
  readonly describe: Pick<Candidate, "name" | "package" | "isAsync" | "remark">;
  readonly check: readonly string[];
  readonly time: Timing;
  readonly bytes: number;
  readonly load: LoadFigures;
}

export type Reply =
  | { readonly ok: true; readonly value: Replies[keyof Replies] }
  | { readonly ok: false; readonly message: string };

const [modulePath] = process.argv.slice(2);
if (modulePath === undefined || process.send === undefined) throw new Error("This runs as a child of the flag bench.");
// Every module in bench/peers, and Dimmer's own, exports a candidate.
const { candidate } = (await import(modulePath)) as { candidate: Candidate };
const exercises = new Map<TimedName, Exercise>();
const loaded = new Map<readonly NeutralFlag[], LoadedFlags>();

process.on("message", (request: Request) => {
  answer(request).then(
    (value) => process.send?.({ ok: true, value } satisfies Reply),
    (error: unknown) =>
      process.send?.({ ok: false, message: error instanceof Error ? (error.stack ?? "") : String(error) }),
  );
});
process.on("disconnect", () => process.exit());

async function answer(request: Request): Promise<Replies[keyof Replies]> {
  switch (request.type) {
    case "describe": {
      const { name, package: from, isAsync, remark } = candidate;
      return { name, package: from, isAsync, ...(remark === undefined ? {} : { remark }) };
    }
    case "check":
      return await checkAnswers(await load(askedFlags), await load(mixedFlags));
    case "time":
      return await time(await exercise(request.name), request.operations);
    case "bytes":
      return await measureBytes(await exercise(request.name));
    case "load":
      return await measureLoad(candidate);
  }
}

/** Bulk calls answer all flags there are, so W7 has a set of its own. */
async function load(flags: readonly NeutralFlag[]): Promise<LoadedFlags> {
  const known = loaded.get(flags);
  if (known !== undefined) return known;
  const made = await candidate.load(writeWireFile(candidate.write(flags)));
  await warmUpMixed(made, 300);
  loaded.set(flags, made);
  return made;
}

async function exercise(name: TimedName): Promise<Exercise> {
  const flags = name === "W7" ? mixedFlags : askedFlags;
  const made = exercises.get(name) ?? createExercise(await load(flags), name, candidate.isAsync);
  exercises.set(name, made);
  return made;
}
