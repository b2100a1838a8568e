/** Flags of a replay: everything that lets calls out is on, and `exposeV2` says who answers. */
import { providerFlag } from "@dimmer/catalog";
import type { FlagDetails, Switches, SwitchesStatus } from "@dimmer/gateway";

/** Switches with no store behind them. */
export class InMemorySwitches implements Switches {
  readonly #flags: Map<string, boolean>;

  constructor(providers: readonly string[]) {
    const on = ["ai.egress.enabled", "orchestration_enabled", ...providers.map(providerFlag)];
    this.#flags = new Map(on.map((key) => [key, true]));
  }

  /** Lets v2 answer from the next request on, or v1. */
  exposeV2(isExposed: boolean): void {
    this.#flags.set("phase_4_deployment", isExposed);
  }

  boolean(key: string, fallback: boolean): boolean {
    return this.#flags.get(key) ?? fallback;
  }

  details(key: string, fallback: boolean): FlagDetails {
    const value = this.boolean(key, fallback);
    return { value, variant: String(value), version: 1 };
  }

  isKilled(): boolean {
    return false;
  }

  observe(): void {
    // A replay reads what it needs from the answers themselves.
  }

  status(): SwitchesStatus {
    return { isReady: true, isStale: false, source: "replay", version: 1, ageMs: 0, killVersion: 0 };
  }
}
