/** The control plane's log for people: one line an event, where they watch it; machines get JSON. */
import { DimmerError } from "@dimmer/spec/errors";
import type { Log } from "@dimmer/server";

/** Says warnings and errors by `say`. */
export function createPlainLog(say: (text: string) => void): Log {
  const line =
    (level: string) =>
    ({ error }: Readonly<Record<string, unknown>>, message: string): void =>
      say(`${level}: ${message}${describe(error)}`);
  return { info: () => undefined, warn: line("warning"), error: line("error") };
}

function describe(error: unknown): string {
  if (error === undefined) return "";
  if (DimmerError.is(error)) return `: ${error.message}`;
  // A defect: its trace is what helps.
  return error instanceof Error ? `: ${error.stack ?? error.message}` : "";
}
