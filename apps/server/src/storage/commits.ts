/**
 * How the control plane changes anything: state, audit entry, flag-set version and outbox rows in one transaction, and
 * after it the readers hear of it. The outbox says *that* something changed; listeners read *what* from storage, so
 * hearing of it twice changes nothing.
 */
import type { StreamTopic } from "@dimmer/spec";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Storage, Writer } from "./storage.ts";

/** What can be announced: the topics of the stream, and two lists that are only kept in memory. */
export type Topic = StreamTopic | "environments" | "tokens";

/** One open change. */
export interface Commit {
  readonly writer: Writer;
  /** The time of the change, read once. */
  readonly nowMs: number;
  /** Tells readers, after the commit, that `subject` of `topic` changed. */
  announce(environment: string, topic: Topic, subject: string): Promise<void>;
}

/** Called after a commit; reads the new state from storage. */
export type AnnouncementListener = (environment: string, subject: string) => void | Promise<void>;

export interface Commits {
  /**
   * Runs `work` in one transaction. When the promise resolves, the change is on disk and everything this process keeps
   * in memory shows it.
   */
  run<T>(work: (commit: Commit) => Promise<T>): Promise<T>;
  listen(topic: Topic, listener: AnnouncementListener): void;
}

/** How long to wait before reading the outbox again when that failed. */
const retryMs = 1000;

export function createCommits(storage: Storage, clock: Clock, log: Log): Commits {
  const listeners = new Map<Topic, AnnouncementListener>();
  let delivered = 0;
  let delivering: Promise<void> = Promise.resolve();

  async function deliver(): Promise<void> {
    const rows = await storage.read
      .selectFrom("outbox")
      .selectAll()
      .where("id", ">", delivered)
      .orderBy("id")
      .execute();
    const heard = new Set<string>();
    for (const row of rows) {
      const name = JSON.stringify([row.topic, row.environment, row.subject]);
      if (!heard.has(name)) {
        heard.add(name);
        // Only `announce` writes topics; a topic of a newer server has no listener here.
        await listeners.get(row.topic as Topic)?.(row.environment, row.subject);
      }
      delivered = row.id;
    }
  }

  function deliverInTurn(): Promise<void> {
    delivering = delivering.then(deliver).catch((error: unknown) => {
      log.error({ error }, "the outbox could not be read; readers hear of the change later");
      clock.after(retryMs, () => void deliverInTurn());
    });
    return delivering;
  }

  return {
    async run(work) {
      const result = await storage.transact(async (writer) => {
        await writer.deleteFrom("outbox").where("id", "<=", delivered).execute();
        return await work({
          writer,
          nowMs: clock.nowMs(),
          async announce(environment, topic, subject) {
            await writer.insertInto("outbox").values({ environment, topic, subject }).execute();
          },
        });
      });
      await deliverInTurn();
      return result;
    },
    listen(topic, listener) {
      listeners.set(topic, listener);
    },
  };
}
