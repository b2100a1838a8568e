/** One chart of both arms: its legend with the values under the cursor (or the latest), and the drawing itself. */
import { useState } from "react";
import type { ReactElement } from "react";
import { lastValue } from "./arm-series.ts";
import type { ArmSeries, WeightChange } from "./arm-series.ts";
import { ArmPlot } from "./arm-plot.tsx";

interface ArmChartProps {
  readonly title: string;
  readonly series: ArmSeries;
  readonly changes: readonly WeightChange[];
  readonly limit: number;
  readonly format: (value: number) => string;
  /** Said in place of the drawing while there is nothing to draw. */
  readonly empty: string;
}

export function ArmChart({ title, series, changes, limit, format, empty }: ArmChartProps): ReactElement {
  const [cursor, setCursor] = useState<number>();
  const points = series.timesS.length;
  const show = (values: readonly (number | null)[]): string => {
    const value = cursor === undefined ? lastValue(values) : (values[cursor] ?? undefined);
    return value === undefined ? "–" : format(value);
  };
  return (
    <figure className="chart">
      <figcaption className="chart-head">
        <h3>{title}</h3>
        <span className="chart-key chart-canary">
          canary <b>{show(series.canary)}</b>
        </span>
        <span className="chart-key chart-baseline">
          baseline <b>{show(series.baseline)}</b>
        </span>
      </figcaption>
      <div className="chart-area">
        {points < 2 ? (
          <p className="chart-empty">{points === 0 ? empty : "One measurement; a line needs two"}</p>
        ) : (
          <ArmPlot
            label={`${title} over time: canary now ${show(series.canary)}, baseline ${show(series.baseline)}, limit ${format(limit)}`}
            series={series}
            changes={changes}
            limit={limit}
            format={format}
            onCursor={setCursor}
          />
        )}
      </div>
    </figure>
  );
}
