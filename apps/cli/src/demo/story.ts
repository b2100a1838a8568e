/**
 * The demo's story: dark, shadow, rollout, regression, kill, revive. Each step does what a person would do with the
 * `dimmer` command, through the same API, and holds only if what was seen is what was told.
 */
import type { ApiClient } from "@dimmer/api-client";
import { defaultLinkedFlags, defaultRolloutFlag } from "@dimmer/catalog";
import { DimmerError } from "@dimmer/spec/errors";
import type { PlanInput, Rollout } from "@dimmer/spec";
import type { ReleaseFault } from "./faulty-router.ts";
import { healthyRelease } from "./faulty-router.ts";
import type { Answer, Traffic } from "./traffic.ts";

/** The steps, in the order in which they are told. */
export const storySteps = ["dark", "shadow", "rollout", "regression", "kill", "revive"] as const;
export type StoryStepName = (typeof storySteps)[number];

/** How one step ended. */
export interface StoryStep {
  readonly name: StoryStepName;
  readonly ok: boolean;
  readonly verdict?: string;
  readonly reason: string;
  readonly durationMs: number;
}

/** What the gateway says of itself, as far as the story looks at it. */
export interface GatewayGlance {
  /** Calls that were sent to any provider since the gateway started. */
  readonly providerCalls: number;
  /** Requests that v2 has also answered, unseen. */
  readonly shadowed: number;
}

/** Everything the story acts through. */
export interface StoryWorld {
  readonly client: ApiClient;
  readonly environment: string;
  readonly traffic: Traffic;
  readonly glanceAtGateway: () => Promise<GatewayGlance>;
  /** "Redeploys" v2 with a fault, and settles when the gateway runs it. */
  readonly releaseV2: (fault: ReleaseFault) => Promise<void>;
  readonly nowMs: () => number;
  readonly wait: (durationMs: number) => Promise<void>;
  /** Told before each action, with the command a person would type. */
  readonly onAction: (command: string, what: string) => void;
  readonly onStep: (step: StoryStep) => void;
  readonly onRollout: (rollout: Rollout) => void;
  /** How fast it is told: rests between the steps so that a person can follow; 0 to hurry. */
  readonly pauseMs: number;
  readonly plan: PlanInput;
}

/** What the whole story came to; the document `--json` prints. */
export interface StoryReport {
  readonly ok: boolean;
  readonly steps: readonly StoryStep[];
  readonly requests: { readonly served: number; readonly wronglyRefused: number; readonly wronglyAdmitted: number };
  readonly kill: { readonly enforcedMs: number | null };
}

/** What a step found; a step that throws has not held. */
interface Finding {
  readonly ok: boolean;
  readonly verdict?: string;
  readonly reason: string;
}

const settleMs = 400;
const probeEveryMs = 2;
const deadlineMs = 120_000;

/** Plays the story to its end, or to the first step that did not come out as told. */
export async function playStory(world: StoryWorld): Promise<StoryReport> {
  let enforcedMs: number | undefined;
  const play: Record<StoryStepName, () => Promise<Finding>> = {
    dark: () => playDark(world),
    shadow: () => playShadow(world),
    rollout: () => playRollout(world),
    regression: () => playRegression(world),
    kill: async () => {
      const finding = await playKill(world);
      enforcedMs = finding.enforcedMs;
      return finding;
    },
    revive: () => playRevive(world),
  };
  const steps: StoryStep[] = [];
  for (const name of storySteps) {
    const startedMs = world.nowMs();
    const finding = await play[name]().catch((error: unknown): Finding => ({
      ok: false,
      reason: DimmerError.is(error) || error instanceof Error ? error.message : String(error),
    }));
    const step = { name, ...finding, durationMs: Math.round(world.nowMs() - startedMs) };
    const { ok, verdict, reason, durationMs } = step;
    const told: StoryStep =
      verdict === undefined ? { name, ok, reason, durationMs } : { name, ok, verdict, reason, durationMs };
    steps.push(told);
    world.onStep(told);
    if (!ok) break;
    await world.wait(world.pauseMs);
  }
  const { served, wronglyRefused, wronglyAdmitted } = world.traffic.counts();
  const ok =
    steps.length === storySteps.length &&
    steps.every((step) => step.ok) &&
    wronglyRefused === 0 &&
    wronglyAdmitted === 0;
  return { ok, steps, requests: { served, wronglyRefused, wronglyAdmitted }, kill: { enforcedMs: enforcedMs ?? null } };
}

async function playDark(world: StoryWorld): Promise<Finding> {
  const { traffic } = world;
  world.onAction("dimmer status", "everything is deployed; every AI flag is at its safe variant");
  traffic.expect("refused");
  const before = await world.glanceAtGateway();
  const refusedBefore = traffic.counts().refused;
  await until(world, "100 refusals", () => traffic.counts().refused - refusedBefore >= 100);
  const answer = await traffic.ask("chat", "user-0");
  const after = await world.glanceAtGateway();
  const calls = after.providerCalls - before.providerCalls;
  const ok = answer.status === 503 && answer.code === "egress_disabled" && calls === 0;
  return {
    ok,
    reason: `the gateway answered ${answer.status} ${answer.code ?? ""}; ${calls} calls reached a provider`,
  };
}

async function playShadow(world: StoryWorld): Promise<Finding> {
  const { traffic } = world;
  await enterStage(world, "shadow");
  const before = traffic.counts();
  const shadowedBefore = (await world.glanceAtGateway()).shadowed;
  await until(world, "200 answers by v1", () => traffic.counts().served - before.served >= 200);
  await untilTrue(
    world,
    "50 shadowed requests",
    async () => (await world.glanceAtGateway()).shadowed - shadowedBefore >= 50,
  );
  const byV2 = traffic.counts().servedByV2 - before.servedByV2;
  const shadowed = (await world.glanceAtGateway()).shadowed - shadowedBefore;
  return {
    ok: byV2 === 0,
    reason: `v1 answered ${traffic.counts().served - before.served} requests; v2 saw ${shadowed} of them and answered ${byV2}`,
  };
}

async function playRollout(world: StoryWorld): Promise<Finding> {
  await enterStage(world, "canary");
  const started = await deploy(world, "v2 meets its first users");
  const ended = await followRollout(world, started.id);
  if (ended.status !== "succeeded") return { ok: false, ...verdictOf(ended), reason: ended.reason };
  await enterStage(world, "active");
  return {
    ok: true,
    ...verdictOf(ended),
    reason: `${ended.plan.steps.map((step) => step.weightPercent).join(" → ")} %: ${ended.reason}`,
  };
}

async function playRegression(world: StoryWorld): Promise<Finding> {
  const faults: readonly { readonly what: string; readonly fault: ReleaseFault }[] = [
    { what: "5 % of its answers are lost", fault: { errorRate: 0.05, addedLatencyMs: 0 } },
    { what: "600 ms slower", fault: { errorRate: 0, addedLatencyMs: 600 } },
  ];
  const reasons: string[] = [];
  for (const { what, fault } of faults) {
    await rollBack(world);
    world.onAction("(a faulty v2 is deployed)", what);
    await world.releaseV2(fault);
    const started = await deploy(world, "the new release starts again from 0");
    const ended = await followRollout(world, started.id);
    await world.releaseV2(healthyRelease);
    const step = `at ${ended.plan.steps[ended.stepIndex]?.weightPercent ?? 0} %`;
    reasons.push(`${what}: ${ended.status} ${step}, ${ended.reason}`);
    if (ended.status !== "rolled-back" || ended.verdict?.type !== "harm" || ended.stepIndex > 2)
      return { ok: false, ...verdictOf(ended), reason: reasons.join("; ") };
  }
  return { ok: true, verdict: "harm", reason: reasons.join("; ") };
}

async function playKill(world: StoryWorld): Promise<Finding & { enforcedMs: number | undefined }> {
  const { client, environment, traffic } = world;
  world.onAction("dimmer kill provider google", "mid-traffic");
  traffic.expect("either");
  const probes: Answer[] = [];
  const pending: Promise<unknown>[] = [];
  let isProbing = true;
  const probing = (async () => {
    while (isProbing) {
      pending.push(traffic.ask("gemini", "probe").then((answer) => probes.push(answer)));
      await world.wait(probeEveryMs);
    }
  })();
  await world.wait(100);
  const issuedAtMs = world.nowMs();
  const result = await client.addKill({
    params: { environment },
    body: { scope: "provider", target: "google", reason: "the demo's kill" },
  });
  traffic.forbidProvider("google");
  traffic.expect("served");
  await world.wait(settleMs);
  isProbing = false;
  await probing;
  await Promise.all(pending);
  const before = traffic.counts();
  await until(world, "200 answers without google", () => traffic.counts().served - before.served >= 200);

  // From the first request on that the next provider answered, google must never answer again.
  const withoutGoogle = probes
    .filter((probe) => probe.sentAtMs >= issuedAtMs && probe.provider !== "google")
    .map((probe) => probe.sentAtMs);
  const firstWithoutMs = withoutGoogle.length === 0 ? undefined : Math.min(...withoutGoogle);
  const late =
    firstWithoutMs === undefined
      ? 0
      : probes.filter((probe) => probe.provider === "google" && probe.sentAtMs > firstWithoutMs).length;
  const lateInTraffic = traffic.counts().wronglyAdmitted;
  const enforcedMs = firstWithoutMs === undefined ? undefined : Math.round((firstWithoutMs - issuedAtMs) * 10) / 10;
  const ok = enforcedMs !== undefined && late + lateInTraffic === 0;
  return {
    ok,
    enforcedMs,
    reason: `enforced ${enforcedMs ?? "never"} ms after the command; ${result.replicas.applied} of ${result.replicas.connected} processes confirmed; ${late + lateInTraffic} later calls reached google; bedrock answers instead`,
  };
}

async function playRevive(world: StoryWorld): Promise<Finding> {
  const { client, environment, traffic } = world;
  world.onAction("dimmer revive provider google", "google comes back");
  traffic.forbidProvider(undefined);
  await client.reviveKills({
    params: { environment },
    body: { scope: "provider", target: "google", reason: "the demo's kill is over" },
  });
  let answers = 0;
  await untilTrue(world, "an answer by google", async () => {
    const answer = await traffic.ask("gemini", "probe");
    if (answer.status === 200 && answer.provider === "google") answers += 1;
    return answers >= 5;
  });
  return { ok: true, reason: "google answers again" };
}

async function enterStage(world: StoryWorld, stage: "shadow" | "canary" | "active"): Promise<void> {
  world.onAction(`dimmer stage ${stage}`, "");
  world.traffic.expect("either");
  const { version } = await world.client.enterStage({ params: { environment: world.environment }, body: { stage } });
  await untilGatewayHas(world, version);
  await world.wait(settleMs);
  world.traffic.expect("served");
}

async function deploy(world: StoryWorld, what: string): Promise<Rollout> {
  const steps = world.plan.steps.map((step) => step.weightPercent).join(",");
  const bake = `${world.plan.steps[0]?.bakeMs ?? 0}ms`;
  world.onAction(`dimmer deploy --strategy custom --steps ${steps} --bake ${bake}`, what);
  return await world.client.startRollout({
    params: { environment: world.environment },
    body: { flag: defaultRolloutFlag, plan: world.plan, linkedFlags: [...defaultLinkedFlags] },
  });
}

/** Before a new release is turned up, the exposure of the last one is taken down. */
async function rollBack(world: StoryWorld): Promise<void> {
  const flag = defaultRolloutFlag;
  const body = {
    edits: [{ type: "expose" as const, flag, strategy: { type: "percentage" as const, percentage: 0 } }],
    reason: "the demo's next release",
  };
  const { version } = await world.client.applyChangeSet({ params: { environment: world.environment }, body });
  await untilGatewayHas(world, version);
}

async function followRollout(world: StoryWorld, id: string): Promise<Rollout> {
  let current: Rollout | undefined;
  await untilTrue(world, "the end of the rollout", async () => {
    current = await world.client.getRollout({ params: { environment: world.environment, rollout: id } });
    world.onRollout(current);
    return current.status !== "running";
  });
  if (current === undefined) throw new DimmerError("rollout_not_found", "The rollout was never seen.");
  return current;
}

async function untilGatewayHas(world: StoryWorld, version: number): Promise<void> {
  await untilTrue(world, `the gateway at version ${version}`, async () => {
    const replicas = await world.client.listReplicas({ params: { environment: world.environment } });
    return replicas.some(
      (replica) => replica.kind === "gateway" && replica.isConnected && replica.flagSetVersion >= version,
    );
  });
}

async function until(world: StoryWorld, what: string, holds: () => boolean): Promise<void> {
  await untilTrue(world, what, () => Promise.resolve(holds()));
}

async function untilTrue(world: StoryWorld, what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = world.nowMs() + deadlineMs;
  while (!(await holds().catch(whenBack))) {
    if (world.nowMs() > deadline)
      throw new DimmerError("internal", `Waited ${deadlineMs / 1000} s in vain for ${what}.`);
    await world.wait(50);
  }
}

/** A control plane that is away for a moment comes back where it was: whoever waits goes on waiting. */
function whenBack(error: unknown): false {
  if (DimmerError.is(error) && error.code === "server_unreachable") return false;
  throw error;
}

function verdictOf(rollout: Rollout): { verdict?: string } {
  return rollout.verdict === undefined ? {} : { verdict: rollout.verdict.type };
}
