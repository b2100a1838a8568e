/**
 * Judges every rollout that is due: read what arrived, decide purely, write everything in one transaction guarded by
 * the fence (ADR-0004). It keeps nothing between two looks but a timer, so any process can go on after a crash.
 */
import { addTick, decide, type Decision } from "@dimmer/rollout";
import type { Rollout } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { toIso, type Clock } from "../clock.ts";
import type { FlagService } from "../flags/flag-service.ts";
import type { Log } from "../log.ts";
import { readArrived, type VariantCounts } from "../observations/observation-source.ts";
import type { Commit, Commits } from "../storage/commits.ts";
import { addArms, emptyArm } from "./arm-counts.ts";
import { addPoint } from "./rollout-points.ts";
import type { RolloutService } from "./rollout-service.ts";
import { claimDue, updateRollout, type StoredRollout } from "./rollout-table.ts";
import { pause } from "./transitions.ts";

export interface RolloutLoopOptions {
  readonly commits: Commits;
  readonly clock: Clock;
  readonly log: Log;
  readonly flags: FlagService;
  readonly rollouts: RolloutService;
  /** Name of this process on its leases. */
  readonly owner: string;
  /** How often an attempt is looked at when nothing arrives. */
  readonly intervalMs: number;
  /** Whether any rollout might be due; spares the database when there is none. */
  readonly hasUnfinished: () => boolean;
  /** In read-only mode nothing is turned up by itself; rollbacks go on. */
  readonly isReadOnly: (environment: string) => boolean;
}

/** A process that holds a lease longer than this is taken for dead. */
const leaseMs = 30_000;
/** Reports of many instances lead to one look, not to one each. */
const minPauseMs = 100;
/** Who did what the loop decided. */
const controller = "rollout controller";

export class RolloutLoop {
  readonly #options: RolloutLoopOptions;
  #running: Promise<void> | undefined;
  #isWanted = false;
  #isStopped = false;
  #cancelTimer = (): void => undefined;

  constructor(options: RolloutLoopOptions) {
    this.#options = options;
  }

  /** Looks soon: something arrived. */
  wake(): void {
    this.#isWanted = true;
    if (this.#running === undefined) this.#schedule(minPauseMs);
  }

  /** Looks now, at everything that is due. */
  async run(): Promise<void> {
    this.#running ??= this.#look().finally(() => {
      this.#running = undefined;
      this.#schedule(this.#isWanted ? minPauseMs : this.#options.intervalMs);
    });
    await this.#running;
  }

  /** Ends the loop after the look that is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelTimer();
    await this.#running;
  }

  #schedule(delayMs: number): void {
    this.#cancelTimer();
    if (this.#isStopped) return;
    this.#cancelTimer = this.#options.clock.after(delayMs, () => void this.run());
  }

  async #look(): Promise<void> {
    const { commits, log, owner, intervalMs, hasUnfinished } = this.#options;
    this.#isWanted = false;
    if (!hasUnfinished()) return;
    try {
      const due = await commits.run(
        async (commit) => await claimDue(commit.writer, { owner, nowMs: commit.nowMs, leaseMs, recheckMs: intervalMs }),
      );
      for (const stored of due) await this.#reconcile(stored);
    } catch (error) {
      log.error({ error }, "rollouts could not be judged; the next look tries again");
    }
  }

  async #reconcile(stored: StoredRollout): Promise<void> {
    const { commits, log } = this.#options;
    try {
      await commits.run(async (commit) => await this.#judge(commit, stored));
    } catch (error) {
      if (DimmerError.is(error) && error.code === "flag_set_conflict")
        log.info({ rollout: stored.rollout.id }, "another process was faster; its word counts");
      else throw error;
    }
  }

  async #judge(commit: Commit, stored: StoredRollout): Promise<void> {
    const { rollouts, intervalMs } = this.#options;
    const observed = await this.#observe(commit, stored);
    const decision = this.#decide(observed.rollout, commit.nowMs);
    const rollout: Rollout = { ...observed.rollout, verdict: decision.verdict };
    const seen: StoredRollout = { ...observed, rollout };
    switch (decision.type) {
      case "hold": {
        const bakeEndsAtMs = Date.parse(rollout.bakeEndsAt);
        const recheckAtMs = commit.nowMs + intervalMs;
        const nextRunAtMs = bakeEndsAtMs > commit.nowMs ? Math.min(bakeEndsAtMs, recheckAtMs) : recheckAtMs;
        const held: Rollout = rollout.status === "paused" ? rollout : { ...rollout, reason: decision.reason };
        if (!(await updateRollout(commit.writer, { ...seen, rollout: held }, nextRunAtMs)))
          throw new DimmerError("flag_set_conflict", `The rollout ${rollout.id} was changed meanwhile.`);
        if (
          held.evidence.ticks !== stored.rollout.evidence.ticks ||
          held.verdict?.type !== stored.rollout.verdict?.type
        )
          await commit.announce(rollout.environment, "rollout", rollout.id);
        return;
      }
      case "pause":
        await rollouts.settle(commit, seen, pause(rollout, { nowMs: commit.nowMs, reason: decision.reason }), {
          by: controller,
        });
        return;
      case "advance":
      case "complete":
        await rollouts.goOn(commit, seen, controller, decision.reason);
        return;
      case "rollback":
        await rollouts.rollBack(commit, seen, { status: "rolled-back", by: controller, reason: decision.reason });
        return;
    }
  }

  #decide(rollout: Rollout, nowMs: number): Decision {
    // Observations are read inside this transaction: when they cannot be read, nothing is decided at all.
    const decision = decide(rollout, nowMs, { type: "ok" });
    const turnsUp = decision.type === "advance" || decision.type === "complete";
    if (!turnsUp || !this.#options.isReadOnly(rollout.environment)) return decision;
    return { ...decision, type: "hold", reason: `read-only mode holds what would go on: ${decision.reason}` };
  }

  /** The evidence with everything that arrived since the last look. */
  async #observe(commit: Commit, stored: StoredRollout): Promise<StoredRollout> {
    const { rollout } = stored;
    const { environment, flag } = rollout;
    const arrived = await readArrived(commit.writer, {
      environment,
      flag,
      after: stored.observedThrough,
      sinceVersion: rollout.stepSetVersion,
    });
    if (arrived.variants.length === 0) return { ...stored, observedThrough: arrived.through };
    const onVariants =
      (await this.#options.flags.current(commit.writer, environment)).compiled.flags.get(flag)?.onVariants ?? [];
    const canary = sum(arrived.variants.filter(({ variant }) => onVariants.includes(variant)));
    const baseline = sum(arrived.variants.filter(({ variant }) => !onVariants.includes(variant)));
    const weightPercent = rollout.plan.steps[rollout.stepIndex]?.weightPercent ?? 0;
    await addPoint(
      commit.writer,
      { rollout: rollout.id, startedAtMs: Date.parse(rollout.startedAt), weightPercent, canary, baseline },
      commit.nowMs,
    );
    const evidence = addTick(rollout.plan, rollout.evidence, { at: toIso(commit.nowMs), canary, baseline });
    return { ...stored, observedThrough: arrived.through, rollout: { ...rollout, evidence } };
  }
}

function sum(variants: readonly VariantCounts[]): Rollout["evidence"]["stepArms"]["canary"] {
  return variants.reduce((total, { counts }) => addArms(total, counts), emptyArm());
}
