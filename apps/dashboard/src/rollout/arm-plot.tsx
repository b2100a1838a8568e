/** The drawing of both arms, by uPlot. Colours are the stylesheet's, read anew at every draw, so both schemes hold. */
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { ReactElement } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { formatWeight } from "../ui/number-format.ts";
import type { ArmSeries, WeightChange } from "./arm-series.ts";

interface ArmPlotProps {
  readonly label: string;
  readonly series: ArmSeries;
  readonly changes: readonly WeightChange[];
  readonly limit: number;
  readonly format: (value: number) => string;
  /** Told the index under the cursor, undefined when it left. */
  readonly onCursor: (index: number | undefined) => void;
}

const heightPx = 156;
/** Both charts of a rollout move their cursors together. */
const cursorGroup = "rollout-arms";

export function ArmPlot(props: ArmPlotProps): ReactElement {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  // What the drawing hooks read: always the latest, without building the plot anew.
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const scheme = useComputedColorScheme();

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const drawn = new uPlot(optionsFor(element, latest), toData(latest.current.series), element);
    plot.current = drawn;
    const observer = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height: heightPx }));
    observer.observe(element);
    // Numbers drawn before the face had arrived stand in another one.
    void document.fonts.ready.then(() => plot.current?.redraw(false, true));
    return () => {
      observer.disconnect();
      drawn.destroy();
      plot.current = undefined;
    };
  }, []);

  useEffect(() => plot.current?.setData(toData(props.series)), [props.series]);
  useEffect(() => {
    const canvas = plot.current?.ctx.canvas;
    canvas?.setAttribute("role", "img");
    canvas?.setAttribute("aria-label", props.label);
  }, [props.label]);
  useEffect(() => plot.current?.redraw(false, true), [scheme, props.changes, props.limit]);

  return <div ref={box} className="plot" />;
}

function toData({ timesS, canary, baseline }: ArmSeries): uPlot.AlignedData {
  return [timesS, baseline, canary];
}

function optionsFor(element: HTMLElement, latest: { readonly current: ArmPlotProps }): uPlot.Options {
  const color = (name: string) => () => getColor(element, name);
  const axis: uPlot.Axis = {
    stroke: color("--ink-3"),
    font: "11px Geist, sans-serif",
    grid: { stroke: color("--line"), width: 1 },
    ticks: { show: false },
  };
  const line = { width: 1.75, spanGaps: false, points: { show: false } } as const;
  return {
    width: element.clientWidth,
    height: heightPx,
    padding: [6, 16, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 }, sync: { key: cursorGroup } },
    scales: {
      x: { time: true },
      y: { range: (_, __, highest) => [0, Math.max(highest, latest.current.limit) * 1.3] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 24,
        gap: 4,
        space: 70,
        values: (_, times) => times.map((timeS) => formatTime(timeS, times)),
      },
      {
        ...axis,
        size: 52,
        gap: 6,
        space: 34,
        values: (_, values) => values.map((value) => latest.current.format(value)),
      },
    ],
    series: [
      {},
      { ...line, label: "baseline", stroke: color("--baseline") },
      { ...line, label: "canary", stroke: color("--accent"), width: 2 },
    ],
    hooks: {
      drawAxes: [(self) => drawChanges(self, latest.current.changes, element)],
      draw: [(self) => drawLimit(self, latest.current, element)],
      setCursor: [(self) => latest.current.onCursor(self.cursor.idx ?? undefined)],
    },
  };
}

/** A step begins: a thin line with the new weight beside its top. */
function drawChanges(self: uPlot, changes: readonly WeightChange[], element: HTMLElement): void {
  const { ctx, bbox } = self;
  const pixel = uPlot.pxRatio;
  ctx.save();
  ctx.strokeStyle = getColor(element, "--line-strong");
  ctx.fillStyle = getColor(element, "--ink-3");
  ctx.font = `${10 * pixel}px Geist, sans-serif`;
  ctx.lineWidth = pixel;
  ctx.textAlign = "left";
  let labelEnd = -Infinity;
  for (const { timeS, weightPercent } of changes) {
    const x = Math.round(self.valToPos(timeS, "x", true)) + 0.5;
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const text = formatWeight(weightPercent);
    const start = x + 4 * pixel;
    const end = start + ctx.measureText(text).width;
    if (start < labelEnd || end > bbox.left + bbox.width) continue;
    ctx.fillText(text, start, bbox.top + 10 * pixel);
    labelEnd = end + 4 * pixel;
  }
  ctx.restore();
}

/** The limit: a dashed line, named at its right end. */
function drawLimit(self: uPlot, { limit, format }: ArmPlotProps, element: HTMLElement): void {
  const { ctx, bbox } = self;
  const pixel = uPlot.pxRatio;
  const y = Math.round(self.valToPos(limit, "y", true)) + 0.5;
  const right = bbox.left + bbox.width;
  ctx.save();
  ctx.strokeStyle = getColor(element, "--danger");
  ctx.fillStyle = ctx.strokeStyle;
  ctx.lineWidth = 1.25 * pixel;
  ctx.setLineDash([5 * pixel, 4 * pixel]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(right, y);
  ctx.stroke();
  ctx.font = `${10 * pixel}px Geist, sans-serif`;
  ctx.textAlign = "right";
  // Readable where a line passes behind it.
  ctx.setLineDash([]);
  ctx.lineWidth = 4 * pixel;
  ctx.strokeStyle = getColor(element, "--panel");
  ctx.strokeText(`limit ${format(limit)}`, right, y - 5 * pixel);
  ctx.fillText(`limit ${format(limit)}`, right, y - 5 * pixel);
  ctx.restore();
}

/** A token's colour as a canvas understands it: custom properties alone are not resolved, the property `color` is. */
function getColor(element: HTMLElement, token: string): string {
  const inherited = element.style.color;
  element.style.color = `var(${token})`;
  const resolved = getComputedStyle(element).color;
  element.style.color = inherited;
  return resolved;
}

/** The seconds only where the ticks are closer than a minute. */
function formatTime(timeS: number, ticks: readonly number[]): string {
  const stepS = (ticks[1] ?? 0) - (ticks[0] ?? 0);
  return new Date(timeS * 1000).toLocaleTimeString("en-GB").slice(0, stepS >= 60 ? 5 : 8);
}
