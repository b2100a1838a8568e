/** Tells a JSON object from every other value: where unknown input starts to have a shape. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
