/**
 * One keep-alive HTTP/1.1 connection that sends prepared bytes and reads one answer at a time. A whole HTTP client
 * would cost as much as the gateway it measures.
 */
import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";

export class Connection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #answered: ((status: number) => void) | undefined;
  #failed: ((error: Error) => void) | undefined;
  #body = "";

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.#take(chunk));
    socket.on("error", (error) => this.#failed?.(error));
    socket.on("close", () => this.#failed?.(new Error("The connection was closed in the middle of an answer.")));
  }

  static async open(port: number): Promise<Connection> {
    const socket = connect({ host: "127.0.0.1", port });
    await once(socket, "connect");
    return new Connection(socket);
  }

  /** The answer's status, once all of the answer is here. */
  async send(request: Buffer): Promise<number> {
    return await new Promise((resolve, reject) => {
      this.#answered = resolve;
      this.#failed = reject;
      this.#socket.write(request);
    });
  }

  /** The body of the last answer. */
  lastBody(): string {
    return this.#body;
  }

  close(): void {
    this.#failed = undefined;
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const headEnd = this.#received.indexOf("\r\n\r\n");
    if (headEnd < 0) return;
    const head = this.#received.toString("latin1", 0, headEnd).toLowerCase();
    const end = answerEnd(head, this.#received, headEnd + 4);
    if (end === undefined || this.#received.length < end) return;
    this.#body = this.#received.toString("utf8", headEnd + 4, end);
    this.#received = this.#received.subarray(end);
    this.#answered?.(Number(head.slice(9, 12)));
  }
}

/** Where the answer ends; undefined while a chunked one has not ended. */
function answerEnd(head: string, received: Buffer, bodyStart: number): number | undefined {
  const length = /\r\ncontent-length: (\d+)/.exec(head)?.[1];
  if (length !== undefined) return bodyStart + Number(length);
  const lastChunk = "\r\n0\r\n\r\n";
  const at = received.indexOf(lastChunk, bodyStart);
  return at < 0 ? undefined : at + lastChunk.length;
}
