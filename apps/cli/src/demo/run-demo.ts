/** `dimmer up --demo`: starts the system, the users and the story, and shows all three while they run. */
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createApiClient } from "@dimmer/api-client";
import type { GatewayStatus } from "@dimmer/gateway";
import type { PlanInput } from "@dimmer/spec";
import { Pool } from "undici";
import { drawBanner } from "../output/banner.ts";
import type { Output } from "../output/output.ts";
import { listenForStop, untilAborted } from "../up/child-lifecycle.ts";
import { startSystem, type RunningSystem, type SystemOptions } from "../up/system.ts";
import type { ReleaseFault } from "./faulty-router.ts";
import type { ReleaseMessage } from "./gateway-process.ts";
import { createPlainView, createTerminalView, type DemoView } from "./demo-view.ts";
import { playStory, type GatewayGlance, type StoryReport, type StoryWorld } from "./story.ts";
import { createTraffic, type Traffic } from "./traffic.ts";

/** How fast and how hard the demo runs. */
interface DemoPace {
  readonly requestsPerSecond: number;
  readonly bakeMs: number;
  readonly pauseMs: number;
}

const calm: DemoPace = { requestsPerSecond: 250, bakeMs: 5000, pauseMs: 4000 };
const hurried: DemoPace = { requestsPerSecond: 600, bakeMs: 1000, pauseMs: 0 };

const users = 2500;
const maxUnderWay = 64;
const routes = ["chat", "chat", "chat", "gemini"];
const weights = [5, 10, 25, 50, 75, 100];
const gatewayModule = fileURLToPath(new URL("gateway-process.ts", import.meta.url));

/** Plays the story once, then keeps system and traffic up until asked to stop. Answers 0. */
export async function runDemo(options: SystemOptions, output: Output): Promise<number> {
  const signal = listenForStop();
  // Until there is a picture, remarks are lines; then they must not be written across it.
  let say = options.say;
  const demo = await startDemo({ ...options, say: (text) => say(text), signal }, calm);
  if (demo === undefined) return 0;
  output.say(await drawBanner(demo.system, options, output));
  const view = output.isInteractive ? createTerminalView(demo, output) : createPlainView(demo, output);
  say = view.say;
  const story = tell(demo, calm, view).then((report) => {
    if (!signal.aborted) view.end(report);
  });
  await Promise.race([untilAborted(signal), story.then(() => untilAborted(signal))]);
  view.close();
  say = options.say;
  say("stopping");
  await demo.stop();
  return 0;
}

/** Plays the story as fast as it honestly can and reports it. Answers 0 when all came out as told, else 1; also when it was stopped before its end. */
export async function runDemoOnce(options: SystemOptions, output: Output): Promise<number> {
  const signal = listenForStop();
  const demo = await startDemo({ ...options, signal }, hurried);
  if (demo === undefined) return 1;
  try {
    const view = createPlainView(demo, output);
    const report = await Promise.race([untilAborted(signal), tell(demo, hurried, view)]);
    view.close();
    if (report === undefined) return 1;
    output.result(report, describe(report));
    return report.ok ? 0 : 1;
  } finally {
    await demo.stop();
  }
}

/** A running demo. */
export interface Demo {
  readonly system: RunningSystem;
  readonly traffic: Traffic;
  readonly client: ReturnType<typeof createApiClient>;
  readonly environment: string;
  /** Ends the waits of the story, and so the story. */
  readonly signal: AbortSignal | undefined;
  readonly releaseV2: (fault: ReleaseFault) => Promise<void>;
  readonly glance: () => Promise<GatewayGlance>;
  readonly stop: () => Promise<void>;
}

/** Undefined when it was stopped before it was up. */
async function startDemo(options: SystemOptions, pace: DemoPace): Promise<Demo | undefined> {
  const released = new Set<() => void>();
  const system = await startSystem({
    ...options,
    gatewayModule,
    onGatewayMessage: () => {
      for (const resolve of released) resolve();
      released.clear();
    },
  }).catch((error: unknown) => {
    if (options.signal?.aborted !== true) throw error;
    options.say("stopped before everything was up");
  });
  if (system === undefined) return undefined;
  const client = createApiClient({ url: system.serverUrl, token: system.adminToken });
  // A folder that was used before starts dark again.
  await client.enterStage({
    params: { environment: options.environment },
    body: { stage: "dark", reason: "the demo begins" },
  });
  const pool = new Pool(system.gatewayUrl, { connections: 2 * maxUnderWay });
  const traffic = createTraffic({
    pool,
    rate: pace.requestsPerSecond,
    maxUnderWay,
    users,
    routes,
    random: Math.random,
    nowMs: () => performance.now(),
  });
  traffic.start();
  return {
    system,
    traffic,
    client,
    environment: options.environment,
    signal: options.signal,
    releaseV2: async (fault) => {
      const message: ReleaseMessage = { type: "release", fault };
      const done = new Promise<void>((resolve) => released.add(resolve));
      system.gateway.send(message);
      await done;
    },
    glance: () => glanceAt(pool, system.adminToken),
    stop: async () => {
      await traffic.stop();
      await pool.destroy();
      await system.stop();
    },
  };
}

async function tell(demo: Demo, pace: DemoPace, view: DemoView): Promise<StoryReport> {
  const plan: PlanInput = {
    name: "custom",
    steps: weights.map((weightPercent) => ({ weightPercent, bakeMs: pace.bakeMs })),
    patienceMs: 60_000,
  };
  const world: StoryWorld = {
    client: demo.client,
    environment: demo.environment,
    traffic: demo.traffic,
    glanceAtGateway: demo.glance,
    releaseV2: demo.releaseV2,
    nowMs: () => performance.now(),
    wait: (durationMs) => wait(durationMs, undefined, { signal: demo.signal }),
    onAction: view.onAction,
    onStep: (step) => {
      // What fails because everything is being stopped is no failure of the story.
      if (demo.signal?.aborted !== true) view.onStep(step);
    },
    onRollout: view.onRollout,
    pauseMs: pace.pauseMs,
    plan,
  };
  return await playStory(world);
}

async function glanceAt(pool: Pool, token: string): Promise<GatewayGlance> {
  const { body } = await pool.request({
    method: "GET",
    path: "/admin/status",
    headers: { authorization: `Bearer ${token}` },
  });
  // Our own gateway, started a moment ago from the same sources.
  const { measurements } = (await body.json()) as GatewayStatus;
  const providerCalls = measurements.calls
    .flatMap((call) => Object.values(call.results))
    .reduce((sum, count) => sum + count, 0);
  return { providerCalls, shadowed: measurements.shadow.compared };
}

function describe(report: StoryReport): string {
  const { served, wronglyRefused, wronglyAdmitted } = report.requests;
  const steps = report.steps.map(
    (step) => `${step.ok ? "✓" : "✗"} ${step.name.padEnd(10)} ${(step.durationMs / 1000).toFixed(1)} s  ${step.reason}`,
  );
  return [
    ...steps,
    `${served} requests served, ${wronglyRefused} wrongly refused, ${wronglyAdmitted} wrongly admitted; kill enforced in ${report.kill.enforcedMs ?? "?"} ms`,
  ].join("\n");
}
