/** Audit entries of kills: written when the database can take them, in order, and tried again until it does. */
import { recordAudit, type AuditRecord } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Commits } from "../storage/commits.ts";

const retryMs = 1000;
/** Beyond this the oldest are given up, and the log says so. */
const maxWaiting = 10_000;

export class DeferredAudit {
  readonly #commits: Commits;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #waiting: AuditRecord[] = [];
  #writing: Promise<void> | undefined;
  #cancelRetry = (): void => undefined;

  constructor(commits: Commits, clock: Clock, log: Log) {
    this.#commits = commits;
    this.#clock = clock;
    this.#log = log;
  }

  /** Takes one entry; never throws, never waits. */
  add(record: AuditRecord): void {
    if (this.#waiting.length >= maxWaiting) {
      const lost = this.#waiting.shift();
      this.#log.error(
        { action: lost?.action, target: lost?.target },
        "an audit entry was given up: the database has been unwritable for too long",
      );
    }
    this.#waiting.push(record);
    void this.flush();
  }

  /** Writes what is waiting; resolves when that is done or has to wait. */
  async flush(): Promise<void> {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
    await this.#writing;
  }

  stop(): void {
    this.#cancelRetry();
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const records = [...this.#waiting];
      try {
        await this.#commits.run(async (commit) => {
          for (const record of records) await recordAudit(commit, record);
        });
        this.#waiting.splice(0, records.length);
      } catch (error) {
        this.#log.warn({ error, waiting: this.#waiting.length }, "audit entries of kills wait for the database");
        this.#cancelRetry();
        this.#cancelRetry = this.#clock.after(retryMs, () => void this.flush());
        return;
      }
    }
  }
}
