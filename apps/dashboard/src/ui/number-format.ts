/** Numbers as the page writes them. */

const superscripts: Readonly<Record<string, string>> = {
  "-": "⁻",
  "0": "⁰",
  "1": "¹",
  "2": "²",
  "3": "³",
  "4": "⁴",
  "5": "⁵",
  "6": "⁶",
  "7": "⁷",
  "8": "⁸",
  "9": "⁹",
};

/** A share of 1 as a percentage with two significant places below 10 %: "0.42 %", "5.1 %", "37 %". */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent === 0) return "0 %";
  if (percent < 1) return `${percent.toFixed(2)} %`;
  if (percent < 10) return `${trimZero(percent.toFixed(1))} %`;
  return `${Math.round(percent)} %`;
}

/** A weight as it was configured: "5 %", "0.001 %". */
export function formatWeight(weightPercent: number): string {
  return `${Number(weightPercent.toFixed(3))} %`;
}

/** An e-value: plain between 0.01 and 9,999, a power of ten beyond. */
export function formatEValue(eValue: number): string {
  if (!Number.isFinite(eValue)) return "∞";
  if (eValue === 0) return "0";
  if (eValue >= 0.0095 && eValue < 10) return String(Number(eValue.toPrecision(2)));
  if (eValue >= 10 && eValue < 10_000) return formatCount(Math.round(eValue));
  const exponent = Math.floor(Math.log10(eValue));
  const mantissa = trimZero((eValue / 10 ** exponent).toFixed(1));
  const power = `10${String(exponent).replaceAll(/[-\d]/g, (sign) => superscripts[sign] ?? sign)}`;
  return mantissa === "1" ? power : `${mantissa}×${power}`;
}

/** 12345 → "12,345". */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** Milliseconds as they are below 10 s, seconds beyond. */
export function formatLatency(latencyMs: number): string {
  return latencyMs < 10_000
    ? `${formatCount(Math.round(latencyMs))} ms`
    : `${trimZero((latencyMs / 1000).toFixed(1))} s`;
}

/** A quantile from 0 to 1 as it is spoken of: "p95", "p99.9". */
export function formatQuantile(quantile: number): string {
  return `p${Number((quantile * 100).toFixed(3))}`;
}

function trimZero(text: string): string {
  return text.replace(/\.0+$/, "");
}
