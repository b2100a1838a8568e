/** What the fake control plane knows at first: an environment in `canary`, a rollout half way up, one kill. */
import { catalogDefinitions, inertFlags, stages } from "@dimmer/catalog";
import type {
  ArmCounts,
  AuditEntry,
  EnvironmentStatus,
  Flag,
  FlagView,
  Kill,
  Replica,
  Rollout,
  RolloutPoint,
} from "@dimmer/spec";
import { latencyEdgesMs } from "@dimmer/spec/latency-buckets";

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** Everything the API can be asked for, ready to be changed by a test. */
export interface FakeState {
  status: EnvironmentStatus;
  flags: FlagView[];
  audit: AuditEntry[];
  /** Attempts that were followed by another one of their flag, newest first. */
  earlierAttempts: Rollout[];
  /** By rollout id. */
  history: Record<string, RolloutPoint[]>;
  /** How far the control plane's clock is ahead of this machine's, whose clock the browser has. */
  clockAheadMs: number;
}

/** The state of the README's picture. */
export function canaryState(nowMs: number): FakeState {
  const version = nowMs * 1024;
  const killVersion = version - 40 * minuteMs * 1024;
  const { rollout, points } = runningRollout(nowMs);
  const kill: Kill = {
    id: "01JKILL0000000000000000001",
    scope: "model",
    target: "llama-3-70b",
    by: "anna",
    reason: "answers in the wrong language, INC-2291",
    at: iso(nowMs - 41 * minuteMs),
    expiresAt: iso(nowMs + 79 * minuteMs),
  };
  return {
    status: {
      environment: "default",
      version,
      killVersion,
      isReadOnly: false,
      isStorageWritable: true,
      stage: { current: "canary", enteredAt: iso(nowMs - 3 * hourMs), enteredBy: "anna", drift: [] },
      activeKills: [kill],
      rollouts: [rollout],
      replicas: [
        replica({ instanceId: "gateway-7f9c-eu1", kind: "gateway", flagSetVersion: version, killVersion }, nowMs),
        replica({ instanceId: "gateway-7f9c-eu2", kind: "gateway", flagSetVersion: version, killVersion }, nowMs),
        replica(
          {
            instanceId: "gateway-41aa-us1",
            kind: "gateway",
            flagSetVersion: version - 90 * secondMs * 1024,
            killVersion,
          },
          nowMs,
        ),
        replica({ instanceId: "billing-api-3", kind: "sdk", flagSetVersion: version, killVersion }, nowMs),
      ],
    },
    flags: canaryFlags(rollout),
    audit: auditTail(nowMs, version),
    earlierAttempts: [],
    history: { [rollout.id]: points },
    clockAheadMs: 0,
  };
}

/** A fresh environment: dark, nothing killed, nothing rolled out, nobody there. */
export function emptyState(nowMs: number): FakeState {
  const state = canaryState(nowMs);
  const stage = { current: "dark", enteredAt: iso(nowMs - minuteMs), enteredBy: "dimmer", drift: [] } as const;
  return {
    status: { ...state.status, stage: { ...stage, drift: [] }, activeKills: [], rollouts: [], replicas: [] },
    flags: Object.entries(catalogDefinitions.flags).map(([key, definition]) => viewFlag(key, definition)),
    audit: [],
    earlierAttempts: [],
    history: {},
    clockAheadMs: 0,
  };
}

/** The same attempt after the canary turned out to be harmful. */
export function rolledBack(rollout: Rollout, nowMs: number): Rollout {
  const reason = "canary errors 5.3 % of 412 requests, limit 1 %: e-value of harm 1,940, proven at 40";
  return {
    ...rollout,
    status: "rolled-back",
    endedAt: iso(nowMs),
    reason,
    verdict: {
      type: "harm",
      reason,
      guarantee: "heuristic (sticky users)",
      checks: (rollout.verdict?.checks ?? []).map((check) =>
        check.check === "error-rate"
          ? { ...check, type: "harm", canaryShare: 0.053, harmE: 1940, safetyE: 0.0004 }
          : check,
      ),
    },
  };
}

/** Share of an arm's requests that are slower than 500 ms. */
const slowShares = { canary: 0.031, baseline: 0.022 } as const;

/** Half way up: the fourth of six steps, baking, all well. The numbers are those of its history. */
function runningRollout(nowMs: number): { rollout: Rollout; points: RolloutPoint[] } {
  const steps = [5, 10, 25, 50, 75, 100].map((weightPercent) => ({
    weightPercent,
    bakeMs: (weightPercent === 100 ? 10 : 5) * minuteMs,
  }));
  const startedAtMs = nowMs - 18.2 * minuteMs;
  const points = historyOf(steps, startedAtMs, nowMs);
  const attempt = { canary: sum(points, "canary"), baseline: sum(points, "baseline") };
  const inStep = points.filter(({ weightPercent }) => weightPercent === 50);
  const stepArms = { canary: sum(inStep, "canary"), baseline: sum(inStep, "baseline") };
  const seen = `${stepArms.canary.requests.toLocaleString("en-US")} canary requests`;
  const errorPercent = (share(stepArms.canary) * 100).toFixed(2);
  const rollout: Rollout = {
    id: "01JROLL0000000000000000003",
    environment: "default",
    flag: "phase_4_deployment",
    attempt: 3,
    plan: {
      name: "custom",
      steps,
      minRequestsPerArm: 200,
      maxErrorRate: 0.01,
      maxLatencyMs: 500,
      latencyQuantile: 0.95,
      falseRollbackRate: 0.05,
      falseAdvanceRate: 0.05,
      safetyMargin: 2,
      patienceMs: 15 * minuteMs,
      policies: {
        undecided: "hold",
        "too-little-traffic": "hold",
        "no-data": "pause",
        "source-error": "pause",
        mismatch: "pause",
      },
    },
    linkedFlags: ["aatc_system_enabled"],
    status: "running",
    stepIndex: 3,
    stepEnteredAt: iso(nowMs - 192 * secondMs),
    bakeEndsAt: iso(nowMs + 108 * secondMs),
    stepSetVersion: (nowMs - 192 * secondMs) * 1024,
    startSetVersion: Math.floor(startedAtMs) * 1024,
    evidence: {
      ticks: points.length,
      lastDataAt: iso(nowMs - 2 * secondMs),
      checks: [],
      silence: { canary: 0, baseline: 0 },
      stepArms,
      attemptArms: attempt,
    },
    verdict: {
      type: "immature",
      reason: `bakes for another 1 min 48 s; so far error rate ${errorPercent} % of ${seen}, proven below 2 % (e-value 58 ≥ 20); 3.1 % of ${seen} slower than 500 ms, not proven below 10 % (e-value 7.4 of 20)`,
      guarantee: "heuristic (sticky users)",
      since: iso(nowMs - 192 * secondMs),
      checks: [
        {
          check: "error-rate",
          type: "safe",
          limit: 0.01,
          canaryShare: share(attempt.canary),
          baselineShare: share(attempt.baseline),
          harmE: 0.021,
          harmAt: 40,
          safetyE: 58,
          safetyAt: 20,
        },
        {
          check: "latency",
          type: "undecided",
          limit: 0.05,
          canaryShare: slowShares.canary,
          baselineShare: slowShares.baseline,
          canaryP95Ms: 400,
          baselineP95Ms: 300,
          harmE: 0.18,
          harmAt: 40,
          safetyE: 7.4,
          safetyAt: 20,
        },
      ],
    },
    reason: "raised to 50 %",
    startedAt: iso(startedAtMs),
    startedBy: "anna",
  };
  return { rollout, points };
}

/** Both arms every five seconds since the start; the same at every call. */
function historyOf(steps: Rollout["plan"]["steps"], startedAtMs: number, nowMs: number): RolloutPoint[] {
  const random = pseudoRandom(11);
  const points: RolloutPoint[] = [];
  for (let atMs = startedAtMs; atMs <= nowMs; atMs += 5 * secondMs) {
    const elapsedMs = atMs - startedAtMs;
    const weightPercent = steps[Math.floor(elapsedMs / (5 * minuteMs))]?.weightPercent ?? 0;
    const requests = 380 + Math.round(60 * random());
    const canary = Math.round((requests * weightPercent) / 100);
    const wave = Math.sin(elapsedMs / 140_000);
    points.push({
      at: iso(atMs),
      weightPercent,
      canary: {
        requests: canary,
        errors: binomial(canary, 0.0043, random),
        p95Ms: edge(300 + 40 * wave + 110 * random()),
      },
      baseline: {
        requests: requests - canary,
        errors: binomial(requests - canary, 0.0055, random),
        p95Ms: edge(250 + 30 * wave + 70 * random()),
      },
    });
  }
  return points;
}

function canaryFlags(rollout: Rollout): FlagView[] {
  const canary = stages.find(({ name }) => name === "canary");
  const assignments = new Map(canary?.assignments.map((edit) => [edit.flag, edit]));
  return Object.entries(catalogDefinitions.flags).map(([key, definition]) => {
    const edit = assignments.get(key);
    if (key === rollout.flag) {
      return {
        ...viewFlag(key, { ...definition, strategy: { type: "percentage", percentage: 50 } }),
        ownedBy: rollout.id,
      };
    }
    if (edit?.type === "expose") return viewFlag(key, { ...definition, strategy: edit.strategy });
    if (edit?.type === "serve") return viewFlag(key, serving(definition, edit.value));
    return viewFlag(key, definition);
  });
}

/** A definition that serves one value to everyone. */
export function serving(definition: Flag, value: unknown): Flag {
  const { strategy: _dropped, ...rest } = definition;
  const name = Object.entries(definition.variants).find(([, candidate]) => candidate === value)?.[0];
  return { ...rest, defaultVariant: name ?? definition.defaultVariant ?? null };
}

/** A flag as the control plane shows it, prerequisites aside. */
export function viewFlag(key: string, definition: Flag): FlagView {
  const share = definition.strategy?.type === "percentage" ? definition.strategy.percentage : undefined;
  const variant = share === 100 ? "on" : (definition.defaultVariant ?? "off");
  const isPartly = share !== undefined && share > 0 && share < 100;
  const value = isPartly ? undefined : definition.variants[variant];
  const inert = inertFlags.get(key);
  return {
    key,
    definition,
    exposure: isPartly ? `${share} %` : typeof value === "object" ? JSON.stringify(value) : String(value),
    ...(value === undefined ? {} : { value }),
    killed: false,
    ...(definition.locked === undefined ? {} : { locked: definition.locked }),
    ...(inert === undefined ? {} : { inert }),
  };
}

function auditTail(nowMs: number, version: number): AuditEntry[] {
  const rows: readonly (readonly [
    agoMs: number,
    by: string,
    action: string,
    target: string,
    reason: string,
    undo?: string,
  ])[] = [
    [192 * secondMs, "rollout", "rollout-advanced", "phase_4_deployment", "50 %: errors 0.4 %, limit 1 %, safe"],
    [8.2 * minuteMs, "rollout", "rollout-advanced", "phase_4_deployment", "25 %: errors 0.5 %, limit 1 %, safe"],
    [13.2 * minuteMs, "rollout", "rollout-advanced", "phase_4_deployment", "10 %: errors 0.4 %, limit 1 %, safe"],
    [
      18.2 * minuteMs,
      "anna",
      "rollout-started",
      "phase_4_deployment",
      "v2 with the new verifier",
      "dimmer rollback phase_4_deployment",
    ],
    [
      41 * minuteMs,
      "anna",
      "kill-added",
      "model llama-3-70b",
      "answers in the wrong language, INC-2291",
      "dimmer revive model llama-3-70b",
    ],
    [70 * minuteMs, "marek", "kills-revived", "provider google", "quota raised", "dimmer kill provider google"],
    [84 * minuteMs, "marek", "kill-added", "provider google", "429 on every call", "dimmer revive provider google"],
    [3 * hourMs, "anna", "stage-entered", "canary", "", "dimmer stage shadow"],
    [26 * hourMs, "anna", "stage-entered", "shadow", "", "dimmer stage dark"],
  ];
  return rows.map(([agoMs, by, action, target, reason, undo], index) => ({
    id: 1000 - index,
    environment: "default",
    at: iso(nowMs - agoMs),
    by,
    action,
    target,
    reason,
    version: version - Math.floor(agoMs) * 1024,
    ...(undo === undefined ? {} : { undo }),
  }));
}

function replica(
  applied: Pick<Replica, "instanceId" | "kind" | "flagSetVersion" | "killVersion">,
  nowMs: number,
): Replica {
  return { ...applied, connectedAt: iso(nowMs - 3 * hourMs), lastSeenAt: iso(nowMs - secondMs), isConnected: true };
}

function sum(points: readonly RolloutPoint[], arm: "canary" | "baseline"): ArmCounts {
  const add = (count: "requests" | "errors"): number => points.reduce((total, point) => total + point[arm][count], 0);
  const requests = add("requests");
  const slow = Math.round(requests * slowShares[arm]);
  const latency = [...latencyEdgesMs, Infinity].map((upper) => {
    if (upper === 300) return requests - slow;
    return upper === 750 ? slow : 0;
  });
  return { requests, errors: add("errors"), latency };
}

function share({ requests, errors }: ArmCounts): number {
  return errors / requests;
}

function edge(latencyMs: number): number {
  return latencyEdgesMs.find((upper) => latencyMs <= upper) ?? latencyMs;
}

function binomial(n: number, probability: number, random: () => number): number {
  let hits = 0;
  for (let i = 0; i < n; i += 1) if (random() < probability) hits += 1;
  return hits;
}

/** mulberry32, public domain: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
