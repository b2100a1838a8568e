/** The control plane's log for people: one line an event, where they watch it; machines get JSON. */
import { DimmerError } from "@dimmer/spec/errors";
import type { Log } from "@dimmer/server";

/** Says warnings and errors by `say`. */
export function createPlainLog(say: (text: string) => void): Log {
  const line =
    (level: string) =>
    ({ error, code }: Readonly<Record<string, unknown>>, message: string): void =>
      say(`${level}: ${message}${describe(error, code)}`);
  return { info: () => undefined, warn: line("warning"), error: line("error") };
}

/** `code` is that of an error that was answered to a caller; its cause is enough then, unless it is a defect. */
function describe(error: unknown, code: unknown): string {
  if (DimmerError.is(error)) return `: ${error.message}`;
  if (!(error instanceof Error)) return "";
  // Of a defect the trace is what helps.
  const isExpected = typeof code === "string" && code !== "internal";
  return isExpected ? ` (${error.message})` : `: ${error.stack ?? error.message}`;
}
