/** This process's own memory of kills: a kill file in its folder. What it cannot take still acts, and is said to be forgotten by a restart. */
import type { KillSet } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { emptyKillSet } from "@dimmer/spec/kill-set";
import type { KillFile } from "@dimmer/stores/file";
import type { FaultList } from "../fault-list.ts";

export class KillLatch {
  /** Undefined: this process has no folder, and a restart forgets its kills. */
  readonly #file: KillFile | undefined;
  readonly #faults: FaultList;
  #isDurable: boolean;
  #keeping: Promise<void> = Promise.resolve();
  #compacting: Promise<void> = Promise.resolve();

  constructor(file: KillFile | undefined, faults: FaultList) {
    this.#file = file;
    this.#faults = faults;
    this.#isDurable = file !== undefined;
  }

  /** Whether everything that must survive a restart is on disk. */
  get isDurable(): boolean {
    return this.#isDurable;
  }

  /** Resolves when everything it was given is on disk, or could not be written. */
  get kept(): Promise<void> {
    return this.#keeping;
  }

  read(): KillSet {
    if (this.#file === undefined) return emptyKillSet;
    const { killSet, fault } = this.#file.readKillsSync();
    if (fault !== undefined) this.#faults.set("directory", "kill latch is read", fault);
    return killSet;
  }

  /** The file can be read. What it could not take before is given to it again. */
  noteReadable(known: KillSet): void {
    this.#faults.set("directory", "kill latch is read");
    if (!this.#isDurable) void this.keep(known);
  }

  keep(known: KillSet): Promise<void> {
    this.#keeping = this.#write(known);
    return this.#keeping;
  }

  compact(): void {
    this.#compacting = this.#compact();
  }

  /** Resolves when nothing is being written any more. */
  async close(): Promise<void> {
    await Promise.all([this.#keeping, this.#compacting]);
  }

  async #write(known: KillSet): Promise<void> {
    if (this.#file === undefined) return;
    const { durable } = await this.#file.mergeKills(known);
    this.#isDurable = durable;
    const fault = new DimmerError(
      "store_unwritable",
      "The kill latch cannot be written. Kills act, and would not survive a restart of this process.",
    );
    if (durable) this.#faults.set("directory", "kill latch is written");
    else this.#faults.set("directory", "kill latch is written", fault);
  }

  async #compact(): Promise<void> {
    try {
      await this.#file?.compact();
    } catch (error) {
      this.#faults.set("directory", "kill latch is compacted", DimmerError.from(error));
    }
  }
}
