/** Every command of `dimmer`, loaded only when called: `dimmer kill` must not pay for a server. */
import type { Command } from "./command.ts";

/** A command's one-line summary, and how to load it. */
export interface CommandEntry {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

export const commands: Readonly<Record<string, CommandEntry>> = {
  up: {
    summary: "run control plane, gateway and dashboard on this machine",
    load: async () => (await import("./commands/up.ts")).up,
  },
  server: { summary: "run the control plane alone", load: async () => (await import("./commands/server.ts")).server },
  gateway: { summary: "run the AI gateway alone", load: async () => (await import("./commands/gateway.ts")).gateway },
  status: {
    summary: "stage, rollouts, kills and who is connected, at a glance",
    load: async () => (await import("./commands/status.ts")).status,
  },
  kill: {
    summary: "stop a provider, model, route, flag, tenant, tool or everything, now",
    load: async () => (await import("./commands/kill.ts")).kill,
  },
  revive: { summary: "take kills back", load: async () => (await import("./commands/revive.ts")).revive },
  stage: {
    summary: "show the stage, or enter one: dark, shadow, canary, active",
    load: async () => (await import("./commands/stage.ts")).stage,
  },
  deploy: {
    summary: "start a rollout: turn a flag up in steps, judged on live traffic",
    load: async () => (await import("./commands/deploy.ts")).deploy,
  },
  pause: {
    summary: "hold the rollout where it is",
    load: async () => (await import("./commands/rollout-actions.ts")).pause,
  },
  resume: {
    summary: "go on with a paused rollout",
    load: async () => (await import("./commands/rollout-actions.ts")).resume,
  },
  promote: {
    summary: "take the next step now",
    load: async () => (await import("./commands/rollout-actions.ts")).promote,
  },
  rollback: {
    summary: "turn the flag to 0 and end the rollout",
    load: async () => (await import("./commands/rollout-actions.ts")).rollback,
  },
  flags: { summary: "list, get, set or explain flags", load: async () => (await import("./commands/flags.ts")).flags },
  init: {
    summary: "make a flag file, from the short form or from nothing",
    load: async () => (await import("./commands/init.ts")).init,
  },
  export: {
    summary: "write the flag set as plain flagd, for everything that reads flagd files",
    load: async () => (await import("./commands/export.ts")).exportFlags,
  },
  codegen: {
    summary: "write flags as a TypeScript module with typed keys and values",
    load: async () => (await import("./commands/codegen.ts")).codegen,
  },
  replay: {
    summary: "what orchestration saves and loses on recorded answers",
    load: async () => (await import("./replay/replay-command.ts")).replay,
  },
  environments: {
    summary: "list environments, or create one",
    load: async () => (await import("./commands/environments.ts")).environments,
  },
  tokens: {
    summary: "list, create or revoke tokens",
    load: async () => (await import("./commands/tokens.ts")).tokens,
  },
  audit: { summary: "what was done, newest first", load: async () => (await import("./commands/audit.ts")).audit },
};
