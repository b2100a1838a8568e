/** One check: the observed shares against their limit, and the two e-values against what they must reach. */
import type { ArmCounts, CheckResult, Plan, Rollout } from "@dimmer/spec";
import { edgeAtOrAboveMs } from "@dimmer/spec/latency-buckets";
import type { ReactElement, ReactNode } from "react";
import { formatCount, formatLatency, formatQuantile, formatShare } from "../ui/number-format.ts";
import { countEvents, shareOf } from "./arm-events.ts";
import type { ArmEvents } from "./arm-events.ts";
import { EValueBar } from "./e-value-bar.tsx";
import { toleratedShare } from "./tolerated-share.ts";
import { verdictWords } from "./verdict-words.ts";

export function CheckEvidence({ check, rollout }: { check: CheckResult; rollout: Rollout }): ReactElement {
  const { plan } = rollout;
  const scale = Math.max(check.limit * 2, (check.canaryShare ?? 0) * 1.15, (check.baselineShare ?? 0) * 1.15);
  return (
    <section className="check" aria-label={nameOf(check, plan)}>
      <header className="check-head">
        <h3>{nameOf(check, plan)}</h3>
        <span className={check.type === "harm" ? "check-type check-harm" : "check-type"}>
          {verdictWords[check.type].name}
        </span>
      </header>
      <dl className="check-shares">
        <Share arm="canary" share={check.canaryShare} scale={scale} limit={check.limit}>
          <Quantile latencyMs={check.canaryP95Ms} plan={plan} />
        </Share>
        <Share arm="baseline" share={check.baselineShare} scale={scale} limit={check.limit}>
          <Quantile latencyMs={check.baselineP95Ms} plan={plan} />
        </Share>
      </dl>
      <Counts check={check} rollout={rollout} />
      <div className="check-evalues">
        <EValueBar label="safe" meaning="safe" eValue={check.safetyE} provenAt={check.safetyAt} isDangerous={false} />
        <EValueBar label="harm" meaning="harmful" eValue={check.harmE} provenAt={check.harmAt} isDangerous />
      </div>
      <p className="check-scale">
        evidence for under {formatShare(toleratedShare(check, plan))} (safe) and over {formatShare(check.limit)} (harm);
        proven at the mark
      </p>
      <HarmNotes check={check} rollout={rollout} />
    </section>
  );
}

/** Of how many requests the bars speak, and the same shares for the present step, which is where things change. */
function Counts({ check, rollout }: { check: CheckResult; rollout: Rollout }): ReactElement {
  const { attemptArms, stepArms } = rollout.evidence;
  const count = (arm: ArmCounts): ArmEvents => countEvents(check.check, rollout.plan, arm);
  return (
    <p className="check-scale">
      limit {formatShare(check.limit)}; whole attempt, {formatCount(count(attemptArms.canary).requests)} canary and{" "}
      {formatCount(count(attemptArms.baseline).requests)} baseline requests
      <br />
      in this step {describeShare(count(stepArms.canary))} canary, {describeShare(count(stepArms.baseline))} baseline
    </p>
  );
}

/** "46 % of 72", "no". */
function describeShare(counted: ArmEvents): string {
  const share = shareOf(counted);
  return share === undefined ? "no" : `${formatShare(share)} of ${formatCount(counted.requests)}`;
}

/** What a proof of harm does not say by itself, and a person has to know before blaming the canary. */
function HarmNotes({ check, rollout }: { check: CheckResult; rollout: Rollout }): ReactElement | null {
  if (check.type !== "harm") return null;
  const inStep = countEvents(check.check, rollout.plan, rollout.evidence.stepArms.baseline);
  const isBaselineOver = (shareOf(inStep) ?? 0) > check.limit;
  const isBelowOverall = check.canaryShare !== undefined && check.canaryShare <= check.limit;
  return (
    <>
      {isBaselineOver && (
        <p className="check-note">
          The baseline is above the limit in this step too: what is wrong may have nothing to do with the canary.
        </p>
      )}
      {isBelowOverall && (
        <p className="check-note">Over the whole attempt it is within the limit: the trouble was in a part of it.</p>
      )}
    </>
  );
}

interface ShareProps {
  readonly arm: "canary" | "baseline";
  readonly share: number | undefined;
  readonly scale: number;
  readonly limit: number;
  readonly children: ReactNode;
}

function Share({ arm, share, scale, limit, children }: ShareProps): ReactElement {
  const isOver = arm === "canary" && share !== undefined && share > limit;
  return (
    <div className={`share share-${arm}${isOver ? " share-over" : ""}`}>
      <dt>{arm}</dt>
      <dd className="share-bar" aria-hidden="true">
        <span className="share-fill" style={{ width: `${((share ?? 0) / scale) * 100}%` }} />
        <span className="share-limit" style={{ left: `${(limit / scale) * 100}%` }} />
      </dd>
      <dd className="share-value">
        {share === undefined ? "no requests" : formatShare(share)}
        {children}
      </dd>
    </div>
  );
}

/** The plan's own quantile (the API calls it p95 whichever it is), known to the edge of a bucket. */
function Quantile({ latencyMs, plan }: { latencyMs: number | undefined; plan: Plan }): ReactElement | null {
  if (latencyMs === undefined) return null;
  return (
    <span className="share-quantile">
      {" "}
      {formatQuantile(plan.latencyQuantile)} ≤ {formatLatency(latencyMs)}
    </span>
  );
}

function nameOf(check: CheckResult, plan: Plan): string {
  return check.check === "error-rate" ? "Errors" : `Slower than ${formatLatency(edgeAtOrAboveMs(plan.maxLatencyMs))}`;
}
