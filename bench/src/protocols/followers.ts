/** One subscriber of each kind of stream, as light as it can be: what is measured is the server. */
import { once } from "node:events";
import { get } from "node:http";
import type { IncomingMessage } from "node:http";
import { connect } from "node:http2";
import { json } from "node:stream/consumers";

export interface FollowOptions {
  /** Of the service. */
  readonly port: number;
  readonly token: string;
  readonly path: string;
}

/** Connects, waits for what every subscriber is told at first, and from then on tells of every message and its size. */
type Follower = (options: FollowOptions, onMessage: (bytes: number) => void) => Promise<void>;

export type FollowerName = "events" | "grpc";

export const followers: Readonly<Record<FollowerName, Follower>> = { events: followEvents, grpc: followGrpc };

/** Server-sent events: a message ends with an empty line, and is none without data. */
async function followEvents({ port, token, path }: FollowOptions, onMessage: (bytes: number) => void): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const [response] = (await once(get({ host: "127.0.0.1", port, path, headers, agent: false }), "response")) as [
    IncomingMessage,
  ];
  if (response.statusCode !== 200) throw new Error(`${path}: ${JSON.stringify(await json(response))}`);
  response.on("close", streamEnded);
  let tell: (bytes: number) => void = () => undefined;
  let [bytes, hasData] = [0, false];
  response.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    hasData ||= chunk.includes("data: ");
    if (chunk.at(-1) !== newLine || chunk.at(-2) !== newLine) return;
    if (hasData) tell(bytes);
    [bytes, hasData] = [0, false];
  });
  await new Promise((resolve) => {
    tell = resolve;
  });
  tell = onMessage;
}

const newLine = "\n".charCodeAt(0);

/** gRPC over HTTP/2: a message is a byte of flags, four of length, and so many bytes. */
async function followGrpc({ port, path }: FollowOptions, onMessage: (bytes: number) => void): Promise<void> {
  const session = connect(`http://127.0.0.1:${port}`);
  const stream = session.request({
    ":method": "POST",
    ":path": path,
    "content-type": "application/grpc+proto",
    te: "trailers",
  });
  stream.on("close", streamEnded);
  stream.end(Buffer.alloc(prefixBytes));
  let tell: (bytes: number) => void = () => undefined;
  let received: Buffer = Buffer.alloc(0);
  let [bytes, wanted] = [0, 0];
  stream.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (wanted === 0) {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      if (received.length < prefixBytes) return;
      wanted = prefixBytes + received.readUInt32BE(1);
      received = Buffer.alloc(0);
    }
    if (bytes < wanted) return;
    tell(wanted);
    [bytes, wanted] = [0, 0];
  });
  await new Promise((resolve) => {
    tell = resolve;
  });
  tell = onMessage;
}

function streamEnded(): never {
  throw new Error("The server ended a stream.");
}

const prefixBytes = 5;
