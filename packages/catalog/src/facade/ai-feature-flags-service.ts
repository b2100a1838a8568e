/**
 * The AI flags as a service with named questions, for applications that want to ask "may I call bedrock?" and not
 * know of stores and snapshots. Configured from the environment; answers come from memory once the first store
 * has answered.
 */
import {
  createDimmerFromEnvironment,
  connectFromEnvironment,
  type ControlPlaneConnection,
  type Dimmer,
} from "@dimmer/sdk";
import type { ChangeResult, FlagValue } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { parseKillSwitchKey } from "@dimmer/spec/kill-set";
import type { StageName } from "@dimmer/spec/stages";
import { catalogDefinitions, providerFlag } from "../definitions.ts";

/** What guardrails do with what they find. */
export type GuardrailsMode = "off" | "log-only" | "block";
/** How far the bandit chooses models. */
export type BanditMode = "off" | "shadow" | "canary" | "active";

/** The change is made by then; a stream that is down brings it later. */
const servedTimeoutMs = 2000;

/** How the service is put together; every part has a default from the environment. */
export interface AIFeatureFlagsServiceOptions {
  /** @defaultValue process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Whose flags are asked when a question names no user. */
  readonly targetingKey?: string;
  /** How long the first question waits for a store before it is answered from the disk snapshot or the safe variants. @defaultValue 3,000 */
  readonly readyTimeoutMs?: number;
}

/**
 * Reads and sets the AI flags.
 *
 * @example
 * const flags = new AIFeatureFlagsService();
 * if (await flags.isProviderEnabled("bedrock")) await callBedrock();
 */
export class AIFeatureFlagsService {
  readonly #dimmer: Dimmer;
  readonly #connection: ControlPlaneConnection | undefined;
  readonly #context: { readonly targetingKey?: string };
  readonly #ready: Promise<unknown>;

  constructor(options: AIFeatureFlagsServiceOptions = {}) {
    const env = options.env ?? process.env;
    this.#dimmer = createDimmerFromEnvironment(env, { definitions: catalogDefinitions, kind: "facade" });
    this.#connection = connectFromEnvironment(env);
    this.#context = options.targetingKey === undefined ? {} : { targetingKey: options.targetingKey };
    this.#ready = this.#dimmer.ready({ timeoutMs: options.readyTimeoutMs ?? 3000 });
  }

  /** The value of a flag, or `fallback` when nobody knows it. Kill keys (`ai.killswitch.provider.<name>`) answer whether that target is killed. */
  async getFlag<T extends FlagValue>(key: string, fallback: T): Promise<Widened<T>>;
  async getFlag(key: string, fallback: FlagValue): Promise<FlagValue> {
    await this.#ready;
    if (typeof fallback === "boolean") return this.#dimmer.boolean(key, fallback, this.#context);
    if (typeof fallback === "string") return this.#dimmer.string(key, fallback, this.#context);
    if (typeof fallback === "number") return this.#dimmer.number(key, fallback, this.#context);
    return this.#dimmer.object(key, fallback, this.#context);
  }

  /** Whether calls may go to a provider now: egress is on, the provider is on, and neither it nor everything is killed. */
  async isProviderEnabled(provider: string): Promise<boolean> {
    await this.#ready;
    if (this.#dimmer.isKilled("all") || this.#dimmer.isKilled("provider", provider)) return false;
    return (
      this.#dimmer.boolean("ai.egress.enabled", false, this.#context) &&
      this.#dimmer.boolean(providerFlag(provider), false, this.#context)
    );
  }

  /** `off` when nobody knows. */
  async getGuardrailsMode(): Promise<GuardrailsMode> {
    const mode = await this.getFlag("ai.guardrails.mode", "off");
    return mode === "log-only" || mode === "block" ? mode : "off";
  }

  /** `off` when nobody knows. */
  async getBanditMode(): Promise<BanditMode> {
    const mode = await this.getFlag("ai.bandit.mode", "off");
    return mode === "shadow" || mode === "canary" || mode === "active" ? mode : "off";
  }

  /**
   * Sets what a flag serves to everyone; a kill key set to true kills and set to false revives. Settles when the
   * control plane has accepted it and this process serves it. A kill needs no control plane: it acts here at once.
   * Rejects with the control plane's refusal, or with `config_invalid` when none is configured.
   */
  async setFlag(key: string, value: FlagValue): Promise<void> {
    const target = parseKillSwitchKey(key);
    if (target === undefined) {
      const { client, environment } = this.#controlPlane(`set '${key}'`);
      const edits = [{ type: "serve" as const, flag: key, value }];
      const { version } = await client.applyChangeSet({ params: { environment }, body: { edits } });
      await this.#dimmer.ready({ timeoutMs: servedTimeoutMs, version });
      return;
    }
    if (typeof value !== "boolean")
      throw new DimmerError(
        "flag_type_mismatch",
        `'${key}' is a kill switch: set it to true or false, not ${JSON.stringify(value)}.`,
        { key },
      );
    if (value) {
      await this.#dimmer.kill(target);
      return;
    }
    await this.#ready;
    if (this.#dimmer.isKilled(target.scope, target.target)) await this.#dimmer.revive(target);
  }

  /** Enters a stage; settles when this process serves it. Rejects with `stage_order` or `stage_precondition` when it may not be entered yet. */
  async activateSequence(stage: StageName): Promise<ChangeResult> {
    const { client, environment } = this.#controlPlane(`enter the stage '${stage}'`);
    const result = await client.enterStage({ params: { environment }, body: { stage } });
    await this.#dimmer.ready({ timeoutMs: servedTimeoutMs, version: result.version });
    return result;
  }

  /** Kills all AI egress: here at once, and everywhere as soon as a kill store has taken it in. */
  async emergencyKillSwitch(reason = "emergency"): Promise<{ durable: boolean }> {
    const { durable } = await this.#dimmer.kill({ scope: "all", reason });
    return { durable };
  }

  /** Stops following the stores. */
  async close(): Promise<void> {
    await this.#dimmer.close();
  }

  #controlPlane(what: string): ControlPlaneConnection {
    if (this.#connection !== undefined) return this.#connection;
    throw new DimmerError(
      "config_invalid",
      `To ${what} a control plane is needed: set DIMMER_URL and DIMMER_TOKEN, or run 'dimmer up' in this folder.`,
      { variable: "DIMMER_URL" },
    );
  }
}

/** `false` asks for a boolean, not for the literal false. */
type Widened<T extends FlagValue> = T extends boolean
  ? boolean
  : T extends string
    ? string
    : T extends number
      ? number
      : T;
