/**
 * What an environment answers to clients that ask it or copy it (OFREP, flagd): its flag set with the kills of flags in
 * force, made once per state and shared by all of them, and whom to tell when it changes.
 */
import type { CompiledFlagSet } from "@dimmer/engine";
import { lower } from "@dimmer/engine/lower";
import { overlay } from "@dimmer/engine/overlay";
import type { FlagDefinitions, KillState } from "@dimmer/spec";
import type { Log } from "../log.ts";
import type { FlagSetState } from "./flag-service.ts";
import { lastMove } from "./last-move.ts";

/** One state of an environment. */
export interface ServedFlagSet {
  readonly environment: string;
  readonly setId: string;
  readonly version: number;
  /** Rises with every kill and revive, of whatever scope, and with every start of the server. */
  readonly killVersion: number;
  /** The set, killed flags serving their safe variant. */
  readonly compiled: CompiledFlagSet;
  /** The same as plain flagd. Made on first use. */
  readonly lowered: FlagDefinitions;
  /** Names what is served at a time: while it stays the same, so does every answer to the same context. */
  stampAt(nowMs: number): string;
}

/** Where the parts of a state come from. */
export interface ServedFlagsSources {
  readonly flagSet: (environment: string) => FlagSetState;
  readonly kills: (environment: string) => KillState;
  readonly killedFlags: (environment: string) => ReadonlySet<string>;
  readonly log: Log;
}

const noOverrides = new Map<string, never>();

export class ServedFlags {
  readonly #sources: ServedFlagsSources;
  readonly #states = new Map<string, { readonly of: FlagSetState; readonly served: ServedFlagSet }>();
  readonly #listeners = new Set<(environment: string) => void>();

  constructor(sources: ServedFlagsSources) {
    this.#sources = sources;
  }

  /**
   * What an environment serves now.
   *
   * @throws `environment_not_found`.
   */
  current(environment: string): ServedFlagSet {
    const state = this.#sources.flagSet(environment);
    const { killVersion } = this.#sources.kills(environment);
    const known = this.#states.get(environment);
    if (known?.of === state && known.served.killVersion === killVersion) return known.served;
    const served = serve(environment, state, this.#sources.killedFlags(environment), killVersion);
    this.#states.set(environment, { of: state, served });
    return served;
  }

  /** Calls `listener` after every change of a set or of its kills, until the answer is called. */
  follow(listener: (environment: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** To be called when the set or the kills of an environment have changed. Never throws: a kill goes through here. */
  changed(environment: string): void {
    for (const listener of this.#listeners) {
      try {
        listener(environment);
      } catch (error) {
        this.#sources.log.error({ error, environment }, "a client of OFREP or flagd could not be told of a change");
      }
    }
  }
}

function serve(
  environment: string,
  { flagSet, compiled: base }: FlagSetState,
  killedFlags: ReadonlySet<string>,
  killVersion: number,
): ServedFlagSet {
  const { compiled } = overlay(base, { killedFlags, overrides: noOverrides });
  const { setId, version } = flagSet;
  const lastMoveAt = lastMove(compiled);
  let lowered: FlagDefinitions | undefined;
  return {
    environment,
    setId,
    version,
    killVersion,
    compiled,
    get lowered() {
      lowered ??= lower(compiled);
      return lowered;
    },
    stampAt: (nowMs) => [version, killVersion, lastMoveAt(nowMs)].map((part) => part.toString(36)).join("."),
  };
}
