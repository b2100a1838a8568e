/** Reads the configuration of one provider. */
import type { ConfigReader } from "../input/config-reader.ts";
import { isRecord } from "../input/is-record.ts";
import type { ProviderConfig } from "./provider-config.ts";
import type { RecordedAnswers } from "./recorded/recorded-provider.ts";
import { readSimulatedSettings, simulatedFields } from "./simulated/settings.ts";

export function parseProviderConfig(reader: ConfigReader, input: unknown, at: string): ProviderConfig | undefined {
  const type = isRecord(input) ? input["type"] : undefined;
  switch (type) {
    case "openai":
      return parseOpenAi(reader, input, at);
    case "simulated": {
      const fields = reader.record(input, at, ["type", ...simulatedFields]);
      return fields === undefined
        ? undefined
        : { type: "simulated", settings: readSimulatedSettings(reader, fields, at) };
    }
    case "recorded": {
      const load = reader.record(input, at, ["type", "load"])?.["load"];
      if (isLoader(load)) return { type: "recorded", load };
      reader.fault(
        `${at}/load`,
        undefined,
        "A recorded provider needs a function that loads its answers.",
        "Configure it in code.",
      );
      return undefined;
    }
    default:
      reader.fault(
        `${at}/type`,
        type,
        "There is no provider of this type.",
        "Use one of: openai, simulated, recorded.",
      );
      return undefined;
  }
}

function parseOpenAi(reader: ConfigReader, input: unknown, at: string): ProviderConfig | undefined {
  const fields = reader.record(input, at, [
    "type",
    "baseUrl",
    "apiKeyEnv",
    "headers",
    "asksForUsage",
    "connectTimeoutMs",
  ]);
  if (fields === undefined) return undefined;
  const baseUrl = reader.text(fields["baseUrl"], `${at}/baseUrl`);
  const protocol = URL.parse(baseUrl)?.protocol;
  if (baseUrl !== "" && protocol !== "https:" && protocol !== "http:") {
    reader.fault(
      `${at}/baseUrl`,
      baseUrl,
      "This must be an http or https address.",
      "Write e.g. https://api.openai.com/v1.",
    );
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(
    fields["headers"] === undefined ? {} : (reader.record(fields["headers"], `${at}/headers`) ?? {}),
  )) {
    headers[name.toLowerCase()] = reader.text(value, reader.child(`${at}/headers`, name));
  }
  return {
    type: "openai",
    baseUrl,
    apiKeyEnv: fields["apiKeyEnv"] === undefined ? undefined : reader.text(fields["apiKeyEnv"], `${at}/apiKeyEnv`),
    headers,
    asksForUsage: reader.boolean(fields["asksForUsage"], `${at}/asksForUsage`, true),
    connectTimeoutMs: reader.duration(fields["connectTimeoutMs"], `${at}/connectTimeoutMs`, { fallback: 5000, min: 1 }),
  };
}

/** A function cannot be looked into; what it returns is the composing program's word. */
function isLoader(value: unknown): value is () => RecordedAnswers | Promise<RecordedAnswers> {
  return typeof value === "function";
}
