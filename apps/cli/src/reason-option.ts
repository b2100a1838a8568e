/** Why a change is made: the option of every command that changes something. */
import { DimmerError } from "@dimmer/spec/errors";
import { stringOption, type Option, type OptionValues } from "./command.ts";

export const reasonOption = {
  reason: { type: "string", value: "<text>", description: "why; goes into the audit log" },
} as const satisfies Record<string, Option>;

/** What the audit log has room for. */
const maxLength = 1024;

/** The reason given; empty when none was. */
export function readReason(options: OptionValues): string {
  const reason = stringOption(options, "reason") ?? "";
  if (reason.length <= maxLength) return reason;
  throw new DimmerError("usage", `--reason has ${reason.length} characters; the audit log takes ${maxLength}.`);
}
