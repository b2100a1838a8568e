/** What the fake control plane knows when everything comes at once: long names, other scripts, many of everything. */
import type { Kill, Rollout } from "@dimmer/spec";
import { canaryState, rolledBack, viewFlag } from "./fake-state.ts";
import type { FakeState } from "./fake-state.ts";

const hourMs = 3_600_000;

/** As long as a key can reasonably get, without a place to break it. */
export const longKey: string = `${"checkout.".repeat(14)}recommendation_engine_of_the_second_generation`;
export const longReason: string = "Every answer since 02:41 carries another tenant's context, see INC-4471. ".repeat(
  13,
);

/** Over 2,000 flags, 51 rollouts, 13 kills (one with a reason of 950 characters), 40 replicas, and drift. */
export function crowdedState(nowMs: number): FakeState {
  const state = canaryState(nowMs);
  const [flag] = state.flags;
  const [rollout] = state.status.rollouts;
  const [kill] = state.status.activeKills;
  const [replica] = state.status.replicas;
  if (flag === undefined || rollout === undefined || kill === undefined || replica === undefined)
    throw new Error("the state is not crowded at all");
  const { expiresAt: _none, ...lasting } = kill;
  const kills: Kill[] = [
    { ...lasting, id: "kill-long", scope: "provider", target: "google", reason: longReason },
    { ...lasting, id: "kill-key", scope: "flag", target: longKey, reason: "日本語の理由 🚦" },
    ...Array.from({ length: 10 }, (_, index) => ({ ...kill, id: `kill-${index}`, target: `model-${index}` })),
  ];
  const finished = Array.from({ length: 50 }, (_, index): Rollout => {
    const startedAt = new Date(nowMs - (index + 2) * hourMs).toISOString();
    const attempt: Rollout = { ...rollout, id: `finished-${index}`, flag: `team.feature_${index}`, startedAt };
    if (index % 3 === 1) return rolledBack(attempt, nowMs - (index + 1) * hourMs);
    return { ...attempt, status: "succeeded", endedAt: new Date(nowMs - (index + 1) * hourMs).toISOString() };
  });
  return {
    ...state,
    status: {
      ...state.status,
      stage: { ...state.status.stage, drift: [longKey, "ai.guardrails.mode", "ai.bandit.mode", "ai.budget.enforce"] },
      activeKills: [...kills, ...state.status.activeKills],
      rollouts: [{ ...rollout, flag: longKey }, ...finished],
      replicas: Array.from({ length: 40 }, (_, index) => ({
        ...replica,
        instanceId: `ip-10-0-12-${index}.eu-central-1.compute.internal`,
        isConnected: index % 4 !== 0,
      })),
    },
    flags: [
      viewFlag(longKey, { ...flag.definition, description: "مرحبا بالعالم" }),
      viewFlag("größe.日本語.🚦.флаг", flag.definition),
      ...state.flags,
      ...Array.from({ length: 2000 }, (_, index) => viewFlag(`team.service_${index}.enabled`, flag.definition)),
    ],
  };
}
