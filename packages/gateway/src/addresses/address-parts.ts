/** What the gateway's addresses are answered from. */
import type { ChatParts } from "../chat/chat-completions.ts";
import type { GatewayConfig } from "../config/gateway-config.ts";
import type { SimulatedProvider } from "../providers/simulated/simulated-provider.ts";

export interface AddressParts {
  readonly chat: ChatParts;
  readonly config: GatewayConfig;
  readonly simulated: ReadonlyMap<string, SimulatedProvider>;
  readonly adminToken: string | undefined;
  readonly state: { readonly isListening: boolean; readonly isClosing: boolean };
}
