/** One number with a target: what was wanted, what was reached, and whether that is enough. */
import { renderTable } from "./table.ts";

export interface Figure {
  readonly part: string;
  readonly name: string;
  readonly unit: string;
  /** Absent: stated, not judged. */
  readonly target?: { readonly atMost: number } | { readonly atLeast: number };
  readonly reached: number;
  /** Lowest and highest round, or what else says how sure the number is. */
  readonly spread?: readonly [number, number];
  readonly remark?: string;
}

/** Undefined when there is no target. A number that could not be measured is missed. */
export function isMet({ target, reached }: Figure): boolean | undefined {
  if (target === undefined) return undefined;
  return "atMost" in target ? reached <= target.atMost : reached >= target.atLeast;
}

export function renderFigures(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const met = isMet(figure);
    const { part, name, unit, target, reached, spread, remark = "" } = figure;
    const wanted = target === undefined ? "" : "atMost" in target ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`;
    const range = spread === undefined ? "" : `${formatNumber(spread[0])}–${formatNumber(spread[1])}`;
    return [
      part,
      name,
      wanted,
      formatNumber(reached),
      unit,
      met === undefined ? "" : met ? "ok" : "MISSED",
      range,
      remark,
    ];
  });
  return renderTable(["part", "figure", "target", "reached", "unit", "", "spread", "remark"], rows, [2, 3, 6]);
}

/** Three significant digits, thousands apart. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return "not measured";
  const size = Math.abs(value);
  const decimals = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
