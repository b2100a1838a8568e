import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { Connection } from "./connection.ts";

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** A server that writes the next of the given pieces whenever something arrives, and the rest of an answer by itself. */
async function answering(...answers: readonly (readonly string[])[]): Promise<Connection> {
  const waiting = [...answers];
  const server = createServer((socket) => {
    socket.on("data", () => {
      const pieces = [...(waiting.shift() ?? [])];
      const write = (): void => {
        const piece = pieces.shift();
        if (piece === undefined) return;
        socket.write(piece, () => setImmediate(write));
      };
      write();
    });
    socket.on("error", () => undefined);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on a port has one.
  const connection = await Connection.open((server.address() as AddressInfo).port);
  open.push(() => {
    connection.close();
    server.close();
  });
  return connection;
}

const request = Buffer.from("anything");

test("an answer in pieces is one answer, and the next one follows on the same connection", async () => {
  const connection = await answering(
    ["HTTP/1.1 200 OK\r\nContent-Len", "gth: 5\r\n\r\nhe", "llo"],
    ["HTTP/1.1 503 Service Unavailable\r\ncontent-length: 2\r\n\r\nno"],
  );
  expect(await connection.send(request)).toBe(200);
  expect(connection.lastBody()).toBe("hello");
  expect(await connection.send(request)).toBe(503);
  expect(connection.lastBody()).toBe("no");
});

test("a chunked answer ends with its last chunk", async () => {
  const head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
  const connection = await answering([head, "5\r\nhello\r\n", "0\r\n\r\n"]);
  expect(await connection.send(request)).toBe(200);
  expect(connection.lastBody()).toContain("hello");
});
