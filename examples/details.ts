// Why a flag answered as it did, and hearing of changes: node examples/details.ts
import { createDimmerFromEnvironment } from "@dimmer/sdk";

const dimmer = createDimmerFromEnvironment(process.env);
dimmer.on("change", ({ keys }) => console.log(`changed: ${keys.join(", ")}`));
dimmer.on("kills", ({ active }) =>
  console.log(`killed: ${active.map((kill) => `${kill.scope} ${kill.target}`).join(", ") || "nothing"}`),
);
await dimmer.ready({ timeoutMs: 2000 });

for (const user of ["user-1", "user-2", "user-3"]) {
  const { value, variant, reason, source, isStale } = dimmer.details("answer_style", "thorough", {
    targetingKey: user,
  });
  console.log(
    `${user}: ${value} (${variant ?? "no variant"}, ${reason}) from ${source}${isStale ? ", which has not been heard of lately" : ""}`,
  );
}
// A flag nobody knows answers with what the caller says.
console.log(`no_such_flag: ${dimmer.number("no_such_flag", 3)}`);
await dimmer.close();
