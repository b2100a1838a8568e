/** One check: the observed shares against their limit, and the two e-values against what they must reach. */
import type { CheckResult, Plan, Rollout } from "@dimmer/spec";
import { edgeAtOrAboveMs } from "@dimmer/spec/latency-buckets";
import type { ReactElement } from "react";
import { formatCount, formatLatency, formatShare } from "../ui/number-format.ts";
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
        <Share arm="canary" share={check.canaryShare} p95Ms={check.canaryP95Ms} scale={scale} limit={check.limit} />
        <Share
          arm="baseline"
          share={check.baselineShare}
          p95Ms={check.baselineP95Ms}
          scale={scale}
          limit={check.limit}
        />
      </dl>
      <p className="check-scale">
        limit {formatShare(check.limit)}; {describeCounts(check, rollout)}
      </p>
      <div className="check-evalues">
        <EValueBar label="safe" meaning="safe" eValue={check.safetyE} provenAt={check.safetyAt} isDangerous={false} />
        <EValueBar label="harm" meaning="harmful" eValue={check.harmE} provenAt={check.harmAt} isDangerous />
      </div>
      <p className="check-scale">
        evidence for under {formatShare(toleratedShare(check, plan))} (safe) and over {formatShare(check.limit)} (harm);
        proven at the mark
      </p>
    </section>
  );
}

/** What the shares are shares of: the requests of the whole attempt that this check could look at. */
function describeCounts({ check }: CheckResult, { evidence }: Rollout): string {
  const { canary, baseline } = evidence.attemptArms;
  const count = ({ requests, latency }: typeof canary): string =>
    formatCount(check === "latency" ? latency.reduce((sum, inBucket) => sum + inBucket, 0) : requests);
  return `of ${count(canary)} canary and ${count(baseline)} baseline requests, whole attempt`;
}

interface ShareProps {
  readonly arm: "canary" | "baseline";
  readonly share: number | undefined;
  readonly p95Ms: number | undefined;
  readonly scale: number;
  readonly limit: number;
}

function Share({ arm, share, p95Ms, scale, limit }: ShareProps): ReactElement {
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
        {p95Ms !== undefined && <span className="share-p95"> p95 {formatLatency(p95Ms)}</span>}
      </dd>
    </div>
  );
}

function nameOf(check: CheckResult, plan: Plan): string {
  return check.check === "error-rate" ? "Errors" : `Slower than ${formatLatency(edgeAtOrAboveMs(plan.maxLatencyMs))}`;
}
