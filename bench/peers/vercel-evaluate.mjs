/** The bare function under the Vercel Flags client: no client, no cache; the definition is looked up here. */
import { evaluate } from "@vercel/flags-core";
import { askEach, answerAt } from "../src/flags/ask-each.ts";
import { entities, environment, writeDatafile } from "./formats/vercel-datafile.mjs";

/** @type {import("../src/flags/candidate.ts").Candidate} */
export const candidate = {
  name: "vercel evaluate()",
  package: "@vercel/flags-core",
  isAsync: false,
  remark: "the bare function, not the product's client; compares versions as text",
  write: writeDatafile,
  load({ text }) {
    const { definitions } = JSON.parse(text);
    const value = (key, given) => evaluate({ definition: definitions[key], environment, entities: given }).value;
    const loaded = {
      context: entities,
      boolean: value,
      string: value,
      all: (flags, context) => askEach(loaded, flags, context),
      answerOf: answerAt,
      close() {},
    };
    return loaded;
  },
};
