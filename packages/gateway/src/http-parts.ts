/** What the gateway's addresses are answered from. */
import type { ChatParts } from "./chat-completions.ts";
import type { GatewayConfig } from "./config.ts";
import type { Log } from "./log.ts";
import type { SimulatedProvider } from "./providers/simulated/simulated-provider.ts";

export interface HttpParts {
  readonly chat: ChatParts;
  readonly config: GatewayConfig;
  readonly simulated: ReadonlyMap<string, SimulatedProvider>;
  readonly adminToken: string | undefined;
  readonly state: { readonly isListening: boolean; readonly isClosing: boolean };
  readonly ids: () => string;
  readonly log: Log;
}
