/**
 * Takes in what instances measured. Durable before it is acknowledged; batches that wait for the disk together share
 * one commit; a report that arrived before is counted and changes nothing.
 */
import { DimmerError } from "@dimmer/spec/errors";
import { latencyEdgesMs } from "@dimmer/spec/latency-buckets";
import type { Observation, ObservationBatch } from "@dimmer/spec";
import type { Commit, Commits } from "../storage/commits.ts";

/** How much of a batch was new. */
export interface ObservationAnswer {
  readonly accepted: number;
  readonly known: number;
}

interface WaitingBatch {
  readonly environment: string;
  readonly batch: ObservationBatch;
  readonly resolve: (answer: ObservationAnswer) => void;
  readonly reject: (error: unknown) => void;
}

export interface ObservationServiceOptions {
  readonly commits: Commits;
  /** Called in the commit that holds new observations of these flags. */
  readonly arrived: (commit: Commit, environment: string, flags: readonly string[]) => Promise<void>;
  /** Called after such a commit. */
  readonly committed: () => void;
}

export class ObservationService {
  readonly #options: ObservationServiceOptions;
  #waiting: WaitingBatch[] = [];
  #isWriting = false;

  constructor(options: ObservationServiceOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the batch is on disk.
   *
   * @throws `invalid_request` for counts that cannot be; `storage_unavailable`: send it again later.
   */
  async take(environment: string, batch: ObservationBatch): Promise<ObservationAnswer> {
    batch.observations.forEach(assertConsistent);
    if (batch.observations.length === 0) return { accepted: 0, known: 0 };
    return await new Promise((resolve, reject) => {
      this.#waiting.push({ environment, batch, resolve, reject });
      void this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const together = this.#waiting;
      this.#waiting = [];
      try {
        const answers = await this.#options.commits.run(async (commit) => {
          const written: ObservationAnswer[] = [];
          for (const { environment, batch } of together) written.push(await this.#write(commit, environment, batch));
          return written;
        });
        together.forEach(({ resolve }, index) => resolve(answers[index] ?? { accepted: 0, known: 0 }));
        if (answers.some((answer) => answer.accepted > 0)) this.#options.committed();
      } catch (error) {
        for (const { reject } of together) reject(error);
      }
    }
    this.#isWriting = false;
  }

  async #write(commit: Commit, environment: string, batch: ObservationBatch): Promise<ObservationAnswer> {
    const { writer, nowMs } = commit;
    const mark = await writer
      .selectFrom("observation_marks")
      .select("dropped_through")
      .where("environment", "=", environment)
      .where("instance_boot_id", "=", batch.instanceBootId)
      .executeTakeFirst();
    const droppedThrough = mark?.dropped_through ?? -1;
    const flags = new Set<string>();
    let accepted = 0;
    for (const observation of batch.observations) {
      if (observation.sequence <= droppedThrough) continue;
      const result = await writer
        .insertInto("observations")
        .values({
          environment,
          flag: observation.flag,
          set_version: observation.setVersion,
          variant: observation.variant,
          instance_boot_id: batch.instanceBootId,
          sequence: observation.sequence,
          at_ms: nowMs,
          requests: observation.requests,
          errors: observation.errors,
          latency: JSON.stringify(observation.latency),
          input_tokens: observation.inputTokens,
          output_tokens: observation.outputTokens,
          cost_micro_usd: observation.costMicroUsd,
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow();
      if (result.numInsertedOrUpdatedRows === 1n) {
        accepted += 1;
        flags.add(observation.flag);
      }
    }
    if (flags.size > 0) await this.#options.arrived(commit, environment, [...flags]);
    return { accepted, known: batch.observations.length - accepted };
  }
}

function assertConsistent(observation: Observation, index: number): void {
  const { requests, errors, latency } = observation;
  const refuse = (field: string, why: string): never => {
    throw new DimmerError("invalid_request", `body/observations/${index}/${field}: ${why}.`, {
      pointer: `/observations/${index}/${field}`,
    });
  };
  if (errors > requests) refuse("errors", `${errors} errors of ${requests} requests`);
  if (latency.length !== latencyEdgesMs.length + 1)
    refuse("latency", `${latency.length} buckets; there are ${latencyEdgesMs.length + 1}`);
  const timed = latency.reduce((total, count) => total + count, 0);
  if (timed > requests) refuse("latency", `${timed} latencies of ${requests} requests`);
}
