/** Not an SDK: answers without looking, so that what the harness itself costs can be stated. */
import { answerAt, askEach } from "./ask-each.ts";
import type { Candidate, LoadedFlags } from "./candidate.ts";

export const candidate: Candidate = {
  name: "harness alone",
  package: "none",
  isAsync: false,
  write: () => "{}",
  load() {
    const loaded: LoadedFlags = {
      context: (user) => user,
      boolean: () => true,
      string: () => "a",
      all: (flags, context) => askEach(loaded, flags, context),
      answerOf: answerAt,
      close: () => undefined,
    };
    return loaded;
  },
};
