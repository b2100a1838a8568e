/** The dimmer's scale: lit from its dark end up to where the knob stands. Decoration; the words beneath it say the same. */
import { stageNames } from "@dimmer/spec/stages";
import type { ReactElement } from "react";

const ticksBetween = 14;
const tickCount = (stageNames.length - 1) * ticksBetween + 1;

export function DimmerRail({ position }: { position: number }): ReactElement {
  const litTicks = position * ticksBetween;
  return (
    <div className="rail" aria-hidden="true">
      <svg className="rail-scale" width="100%" height="32">
        {Array.from({ length: tickCount }, (_, tick) => {
          const isMajor = tick % ticksBetween === 0;
          const isLit = tick <= litTicks && position > 0;
          const x = `${placeOf(tick / ticksBetween)}%`;
          const half = isMajor ? 10 : 4 + (tick / tickCount) * 3;
          return (
            <line
              key={tick}
              x1={x}
              x2={x}
              y1={16 - half}
              y2={16 + half}
              className={isLit ? "rail-tick rail-tick-lit" : "rail-tick"}
              opacity={isLit ? 0.3 + 0.7 * (tick / Math.max(1, litTicks)) : 1}
            />
          );
        })}
      </svg>
      <span className={`rail-knob rail-knob-${position}`} style={{ left: `${placeOf(position)}%` }} />
    </div>
  );
}

/** The middle of a position's column, in percent of the rail's width. */
function placeOf(position: number): number {
  return ((position + 0.5) / stageNames.length) * 100;
}
