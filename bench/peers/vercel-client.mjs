/** The Vercel Flags client over a datafile; no stream, no polling, no metrics. */
import { createClient } from "@vercel/flags-core";
import { entities, writeDatafile } from "./formats/vercel-datafile.mjs";

/** @type {import("../src/flags/candidate.ts").Candidate} */
export const candidate = {
  name: "vercel client",
  package: "@vercel/flags-core",
  isAsync: true,
  remark: "compares versions as text",
  write: writeDatafile,
  async load({ text }) {
    const client = createClient("vf_server_bench", {
      datafile: JSON.parse(text),
      stream: false,
      polling: false,
      disableMetrics: true,
      buildStep: false,
      fetch: () => Promise.reject(new Error("no network in a bench")),
    });
    await client.initialize();
    return {
      context: entities,
      boolean: async (key, context) => (await client.evaluate(key, false, context)).value,
      string: async (key, context) => (await client.evaluate(key, "", context)).value,
      all: (flags, context) => client.bulkEvaluate(flags, context),
      answerOf: (all, key) => all[key]?.value,
      close: () => client.shutdown(),
    };
  },
};
