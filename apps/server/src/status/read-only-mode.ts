/**
 * Read-only mode: while the flag `read_only_mode` serves true, an environment's changes are refused. What makes things
 * safer goes on (kill, rollback, stage dark), and so does leaving the mode. A revive is a change that turns something
 * on again, so it waits. Measurements and reports of instances are no changes.
 */
import type { Edit } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import type { FlagService } from "../flags/flag-service.ts";
import { effectiveExposure } from "../flags/flag-views.ts";
import type { KillService } from "../kills/kill-service.ts";
import type { Clock } from "../clock.ts";

export const readOnlyFlag = "read_only_mode";

export class ReadOnlyMode {
  readonly #flags: FlagService;
  readonly #kills: KillService;
  readonly #clock: Clock;

  constructor(flags: FlagService, kills: KillService, clock: Clock) {
    this.#flags = flags;
    this.#kills = kills;
    this.#clock = clock;
  }

  /** Whether an environment is in the mode. */
  isOn(environment: string): boolean {
    const surroundings = { killedFlags: this.#kills.killedFlags(environment), nowMs: this.#clock.nowMs() };
    return effectiveExposure(this.#flags.state(environment), readOnlyFlag, surroundings).value === true;
  }

  /**
   * @throws `read_only_mode` when an environment is in the mode.
   */
  assertWritable(environment: string, what: string): void {
    if (!this.isOn(environment)) return;
    throw new DimmerError(
      "read_only_mode",
      `The environment '${environment}' is in read-only mode: ${what} is refused. 'dimmer flags set ${readOnlyFlag} false' leaves the mode.`,
      { environment },
    );
  }

  /** Whether edits do nothing but leave the mode. */
  isLeaving(edits: readonly Edit[]): boolean {
    return edits.every((edit) => edit.flag === readOnlyFlag && edit.type === "serve" && edit.value === false);
  }
}
