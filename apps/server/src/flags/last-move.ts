/**
 * When the answers of a set last moved by time alone, in whole unix seconds, as `$flagd.timestamp` counts them. A ramp
 * moves once for each 0.001 % it gains, which for a long one is seldom; targeting that reads the time may move any
 * second.
 */
import type { CompiledFlag, CompiledFlagSet } from "@dimmer/engine";

type Move = (second: number) => number;

/** All of a share, in the units in which a ramp climbs: 0.001 % each. */
const rampUnits = 100_000;

/** The last second at or before `nowMs` at which an answer may have moved; 0 when none has, or can. */
export function lastMove(set: CompiledFlagSet): (nowMs: number) => number {
  const moves = [...set.flags.values()].flatMap(moveOf);
  if (moves.length === 0) return () => 0;
  return (nowMs) => {
    const second = Math.floor(nowMs / 1000);
    return Math.max(...moves.map((move) => move(second)));
  };
}

function moveOf({ isTimed, targeting, strategy }: CompiledFlag): Move[] {
  if (!isTimed) return [];
  if (targeting !== undefined) return [(second) => second];
  // Timed by a flag it needs, which stands in the set itself.
  if (strategy?.type !== "progressive" || strategy.start === undefined || strategy.end === undefined) return [];
  const start = Math.floor(Date.parse(strategy.start) / 1000);
  const end = Math.floor(Date.parse(strategy.end) / 1000);
  return [
    (second) => {
      if (second <= start) return 0;
      if (second >= end) return end;
      const units = Math.floor(((second - start) * rampUnits) / (end - start));
      return start + Math.ceil((units * (end - start)) / rampUnits);
    },
  ];
}
