/** Switches that tests set by hand: everything off, nothing killed, until they say otherwise. */
import type { FlagContext, RequestObservation, Switches } from "./switches.ts";

type FlagRule = boolean | ((context: FlagContext | undefined) => boolean);

export class FakeSwitches implements Switches {
  readonly flags = new Map<string, FlagRule>();
  readonly kills = new Set<string>();
  readonly observations: RequestObservation[] = [];
  isReady = true;

  /** Turns flags on. */
  on(...keys: string[]): this {
    for (const key of keys) this.flags.set(key, true);
    return this;
  }

  off(...keys: string[]): this {
    for (const key of keys) this.flags.delete(key);
    return this;
  }

  /** `all`, or `scope:target`. */
  kill(name: string): this {
    this.kills.add(name);
    return this;
  }

  revive(name: string): this {
    this.kills.delete(name);
    return this;
  }

  boolean(key: string, fallback: boolean, context?: FlagContext): boolean {
    const rule = this.flags.get(key);
    if (rule === undefined) return fallback;
    return typeof rule === "boolean" ? rule : rule(context);
  }

  details(key: string, fallback: boolean, context?: FlagContext): ReturnType<Switches["details"]> {
    const value = this.boolean(key, fallback, context);
    return { value, variant: value ? "true" : "false", version: 7 };
  }

  isKilled(scope: string, target?: string): boolean {
    return this.kills.has(target === undefined ? scope : `${scope}:${target}`);
  }

  observe(observation: RequestObservation): void {
    this.observations.push(observation);
  }

  status(): ReturnType<Switches["status"]> {
    return { isReady: this.isReady, isStale: false, source: "fake", version: 7, ageMs: 0, killVersion: 0 };
  }
}
