/** Makes the configured providers. Keys come from the environment, by the names the configuration gives. */
import { DimmerError } from "@dimmer/spec/errors";
import type { Clock } from "../ports/clock.ts";
import { createOpenAiProvider } from "./openai/openai-provider.ts";
import type { ProviderConfig } from "./provider-config.ts";
import type { Provider } from "./provider.ts";
import { createRecordedProvider } from "./recorded/recorded-provider.ts";
import { createSimulatedProvider } from "./simulated/simulated-provider.ts";
import type { SimulatedProvider } from "./simulated/simulated-provider.ts";

export interface ProviderParts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly ids: () => string;
  readonly random: () => number;
}

export interface CreatedProviders {
  readonly providers: ReadonlyMap<string, Provider>;
  readonly simulated: ReadonlyMap<string, SimulatedProvider>;
}

export function createProviders(
  configs: Readonly<Record<string, ProviderConfig>>,
  parts: ProviderParts,
): CreatedProviders {
  const providers = new Map<string, Provider>();
  const simulated = new Map<string, SimulatedProvider>();
  for (const [name, provider] of Object.entries(configs)) {
    switch (provider.type) {
      case "openai":
        providers.set(
          name,
          createOpenAiProvider({ ...provider, name, apiKey: readApiKey(name, provider, parts.environment) }),
        );
        break;
      case "recorded":
        providers.set(name, createRecordedProvider({ ...parts, name, load: provider.load }));
        break;
      case "simulated": {
        const created = createSimulatedProvider({ ...parts, name, settings: provider.settings });
        providers.set(name, created);
        simulated.set(name, created);
        break;
      }
    }
  }
  return { providers, simulated };
}

function readApiKey(
  name: string,
  provider: Extract<ProviderConfig, { type: "openai" }>,
  environment: ProviderParts["environment"],
): string | undefined {
  if (provider.apiKeyEnv === undefined) return undefined;
  const key = environment[provider.apiKeyEnv];
  if (key !== undefined && key !== "") return key;
  const message = `The provider '${name}' takes its key from the environment variable ${provider.apiKeyEnv}, which is not set.`;
  throw new DimmerError("config_invalid", message, {
    field: `/providers/${name}/apiKeyEnv`,
    variable: provider.apiKeyEnv,
  });
}
