/** What of the protocols other clients speak is served: options that `dimmer server` takes and `dimmer up` hands on. */
import type { ControlPlaneOptions } from "@dimmer/server";
import { parsePort } from "./arguments.ts";
import { stringOption, type Option, type OptionValues } from "./command.ts";

export const protocolOptions = {
  "flagd-sync-port": {
    type: "string",
    value: "<port>",
    description: "serve flag sets to flagd's in-process providers, usually on 8015; default not served",
  },
  "flagd-evaluation-port": {
    type: "string",
    value: "<port>",
    description: "answer flagd's rpc providers, usually on 8013; default not served",
  },
  "flagd-open": {
    type: "boolean",
    description: "serve flagd's clients without a token; needed where --host is not this machine alone",
  },
  "metrics-open": {
    type: "boolean",
    description:
      "serve /metrics without a token; needed by scrapers without one where --host is not this machine alone",
  },
  "ofrep-origin": {
    type: "string",
    value: "<origins>",
    description: "pages that may evaluate flags, separated by commas: https://shop.example; default none",
  },
} as const satisfies Record<string, Option>;

/** As the control plane takes them. */
export function readProtocolOptions(
  options: OptionValues,
): Pick<ControlPlaneOptions, "flagd" | "isMetricsOpen" | "ofrep"> {
  const origins = stringOption(options, "ofrep-origin");
  return {
    flagd: {
      syncPort: readPort(options, "flagd-sync-port"),
      evaluationPort: readPort(options, "flagd-evaluation-port"),
      ...(options["flagd-open"] === true ? { isOpen: true } : {}),
    },
    ...(options["metrics-open"] === true ? { isMetricsOpen: true } : {}),
    ...(origins === undefined ? {} : { ofrep: { allowedOrigins: origins.split(",").map((origin) => origin.trim()) } }),
  };
}

/** As they are handed to another process, judged already here. */
export function protocolArguments(options: OptionValues): string[] {
  readProtocolOptions(options);
  return Object.keys(protocolOptions).flatMap((name) => {
    const value = options[name];
    if (value === undefined || value === false) return [];
    return value === true ? [`--${name}`] : [`--${name}`, value];
  });
}

function readPort(options: OptionValues, name: string): number | undefined {
  const text = stringOption(options, name);
  return text === undefined ? undefined : parsePort(`--${name}`, text);
}
