/** The demo's gateway: the real one, with a v2 that can be "redeployed" with a fault by a message from the story. */
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { serveUntilAskedToStop } from "../up/child-lifecycle.ts";
import { runGateway } from "../up/run-gateway.ts";
import { createFaultyRouter, healthyRelease, type ReleaseFault } from "./faulty-router.ts";

/** Sent by the story; answered with `released` once the next request meets it. */
export interface ReleaseMessage {
  readonly type: "release";
  readonly fault: ReleaseFault;
}
export interface ReleasedMessage {
  readonly type: "released";
}

let fault = healthyRelease;

process.on("message", (message: ReleaseMessage) => {
  fault = message.fault;
  const released: ReleasedMessage = { type: "released" };
  process.send?.(released);
});

const { values } = parseArgs({
  options: { port: { type: "string" }, host: { type: "string" }, config: { type: "string" } },
});
process.exitCode = await serveUntilAskedToStop(async () => {
  const { url, close } = await runGateway({
    env: process.env,
    host: values.host ?? "127.0.0.1",
    port: Number(values.port),
    configFile: values.config,
    aroundV2: (router) =>
      createFaultyRouter(router, { fault: () => fault, random: Math.random, wait: (durationMs) => wait(durationMs) }),
    say: (text) => process.stderr.write(`${text}\n`),
  });
  return { url, close: () => close(2000) };
});
