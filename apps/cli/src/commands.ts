/** Every command of `dimmer`, loaded only when called: `dimmer kill` must not pay for a server or a parser of schemas. */
import type { Command } from "./command.ts";

/** A command's one-line summary, and how to load it. */
export interface CommandEntry {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

export const commands: Readonly<Record<string, CommandEntry>> = {
  kill: { summary: "stop a provider, model, route, flag, tenant, tool or everything, now", load: async () => (await import("./commands/kill.ts")).kill },
  revive: { summary: "take kills back", load: async () => (await import("./commands/revive.ts")).revive },
};
