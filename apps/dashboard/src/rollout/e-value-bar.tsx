/**
 * An e-value on a log scale: 1 says nothing, to the right is evidence for, to the left against; at the mark it is
 * proven. The scale is drawn from a hundredth to three times the mark, and what lies beyond stands at its end.
 */
import type { ReactElement } from "react";
import { formatEValue } from "../ui/number-format.ts";

interface EValueBarProps {
  readonly label: string;
  /** "… it is <meaning>" is what the e-value speaks for. */
  readonly meaning: string;
  readonly eValue: number;
  readonly provenAt: number;
  readonly isDangerous: boolean;
}

const lowest = 0.01;

export function EValueBar({ label, meaning, eValue, provenAt, isDangerous }: EValueBarProps): ReactElement {
  const highest = provenAt * 3;
  const place = (value: number): number => {
    const clamped = Math.min(highest, Math.max(lowest, value));
    return (Math.log(clamped / lowest) / Math.log(highest / lowest)) * 100;
  };
  const [from, to] = [place(1), place(eValue)];
  const isProven = eValue >= provenAt;
  const kind = isProven ? (isDangerous ? "evalue-proven-harm" : "evalue-proven") : "evalue-open";
  return (
    <div className={`evalue ${kind}`}>
      <span className="evalue-label" aria-hidden="true">
        {label}
      </span>
      <meter
        className="visually-hidden"
        aria-label={`Evidence that it is ${meaning}`}
        min={0}
        max={provenAt}
        value={Math.min(provenAt, eValue)}
        aria-valuetext={`${formatEValue(eValue)} of ${formatEValue(provenAt)}${isProven ? ", proven" : ""}`}
      />
      <span className="evalue-track" aria-hidden="true">
        <span className="evalue-fill" style={{ left: `${Math.min(from, to)}%`, width: `${Math.abs(to - from)}%` }} />
        <span className="evalue-one" style={{ left: `${from}%` }} />
        <span className="evalue-mark" style={{ left: `${place(provenAt)}%` }} />
      </span>
      <span className="evalue-value" aria-hidden="true">
        {formatEValue(eValue)} <span className="faint">/ {formatEValue(provenAt)}</span>
      </span>
    </div>
  );
}
