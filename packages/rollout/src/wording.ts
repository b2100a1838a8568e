/** Numbers as people read them at three in the morning. Rounded so that a value below its threshold never reads as at it. */

/** `0.0514` → "5.1 %". */
export function percent(share: number, digits = 2): string {
  return `${Number((share * 100).toPrecision(digits))} %`;
}

/** `3400` → "3,400". */
export function whole(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** An estimate: two digits that count, the rest zeros. `1437` → "1,500". */
export function roughly(count: number): string {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1);
  return whole(Math.ceil(count / unit) * unit);
}

/** An e-value, rounded down: "4.1", "43", "over 10,000". */
export function eValue(value: number): string {
  if (value > 10_000) return "over 10,000";
  return value < 10 ? String(Math.floor(value * 10) / 10) : whole(Math.floor(value));
}

/** The e-value that is needed: `40` → "40", `33.333` → "33.4". */
export function threshold(value: number): string {
  return whole(Math.ceil(Number((value * 10).toPrecision(9))) / 10);
}

/** `90_000` → "90 s", `960_000` → "16 min". */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 72 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
