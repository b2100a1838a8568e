// Flags in an application, in five lines: node examples/five-lines.ts
import { createDimmerFromEnvironment } from "@dimmer/sdk";

const dimmer = createDimmerFromEnvironment(process.env);
await dimmer.ready({ timeoutMs: 2000 });
const isNew = dimmer.boolean("new_checkout", false, { targetingKey: "user-17" });
console.log(isNew ? "the new checkout" : "the old checkout");
await dimmer.close();
