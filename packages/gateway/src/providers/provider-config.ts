/** What a provider is configured with: as the gateway uses it, every default filled in, and as an operator writes it. */
import type { RecordedAnswers } from "./recorded/recorded-provider.ts";
import type { SimulatedSettings, SimulatedSettingsInput } from "./simulated/settings.ts";

/** A provider as configured. Its name is the key it stands under; calls to it need the flag `ai.provider.<name>.enabled`. */
export type ProviderConfig =
  | {
      readonly type: "openai";
      /** Up to and without `/chat/completions`. */
      readonly baseUrl: string;
      /** Environment variable that holds the API key; undefined for servers that need none. */
      readonly apiKeyEnv: string | undefined;
      readonly headers: Readonly<Record<string, string>>;
      /** Whether to ask for token counts at the end of streams. Default true. */
      readonly asksForUsage: boolean;
      readonly connectTimeoutMs: number;
    }
  | { readonly type: "simulated"; readonly settings: SimulatedSettings }
  | { readonly type: "recorded"; readonly load: () => RecordedAnswers | Promise<RecordedAnswers> };

/** A provider as it is written; `ProviderConfig` says what each setting means. */
export type ProviderConfigInput =
  | {
      readonly type: "openai";
      readonly baseUrl: string;
      readonly apiKeyEnv?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly asksForUsage?: boolean;
      readonly connectTimeoutMs?: number;
    }
  | ({ readonly type: "simulated" } & SimulatedSettingsInput)
  | { readonly type: "recorded"; readonly load: () => RecordedAnswers | Promise<RecordedAnswers> };
