/** For candidates without a bulk call: the answers of all flags, in their order. */
import type { LoadedFlags } from "./candidate.ts";
import type { Answer, NeutralFlag } from "./neutral-flag.ts";

export function askEach<Context>(
  loaded: LoadedFlags<Context>,
  flags: readonly NeutralFlag[],
  context: Context,
): (Answer | Promise<Answer>)[] {
  return flags.map((flag) =>
    flag.type === "split" ? loaded.string(flag.key, context) : loaded.boolean(flag.key, context),
  );
}

/** Reads what `askEach` returned. */
export function answerAt(all: unknown, _key: string, index: number): unknown {
  return Array.isArray(all) ? all[index] : undefined;
}
