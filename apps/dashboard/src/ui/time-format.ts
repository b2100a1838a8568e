/** Times in words a person reads at a glance. */

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** "8 s", "3 min 20 s", "5 h 12 min", "2 d 3 h": two units at most, rounded down; nothing is below 0 s. */
export function formatDuration(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  if (ms < minuteMs) return `${Math.floor(ms / secondMs)} s`;
  if (ms < hourMs) return twoUnits(ms, [minuteMs, "min"], [secondMs, "s"]);
  if (ms < dayMs) return twoUnits(ms, [hourMs, "h"], [minuteMs, "min"]);
  return twoUnits(ms, [dayMs, "d"], [hourMs, "h"]);
}

/** "just now", "12 s ago", "3 min ago", "5 h ago", "2 d ago": one unit, for things that get older on the screen. */
export function formatAge(ageMs: number): string {
  if (ageMs < 2 * secondMs) return "just now";
  if (ageMs < minuteMs) return `${Math.floor(ageMs / secondMs)} s ago`;
  if (ageMs < hourMs) return `${Math.floor(ageMs / minuteMs)} min ago`;
  if (ageMs < dayMs) return `${Math.floor(ageMs / hourMs)} h ago`;
  return `${Math.floor(ageMs / dayMs)} d ago`;
}

/** The time of day where the reader is, to the second; with the date in front when it was another day than `nowMs`. */
export function formatClock(iso: string, nowMs: number): string {
  const at = new Date(iso);
  const time = at.toLocaleTimeString("en-GB");
  if (at.toDateString() === new Date(nowMs).toDateString()) return time;
  return `${at.toLocaleDateString("en-GB", { day: "numeric", month: "short" })} ${time.slice(0, 5)}`;
}

function twoUnits(ms: number, [largeMs, large]: [number, string], [smallMs, small]: [number, string]): string {
  const rest = Math.floor((ms % largeMs) / smallMs);
  const head = `${Math.floor(ms / largeMs)} ${large}`;
  return rest === 0 ? head : `${head} ${rest} ${small}`;
}
