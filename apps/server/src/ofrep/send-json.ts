/**
 * Sends a JSON text as it is. Fastify's own way looks for serializers, streams and hooks that are not there and has Node
 * read its headers from an object: a twentieth of what a single evaluation costs.
 */
import type { FastifyReply } from "fastify";

/** The headers that were set go with it; what is on the wire is the same. */
export function sendJson(reply: FastifyReply, status: number, text: string): void {
  const headers: (string | string[])[] = [];
  const set = reply.getHeaders();
  for (const name of Object.keys(set)) {
    const value = set[name];
    if (value !== undefined) headers.push(name, typeof value === "number" ? String(value) : value);
  }
  headers.push("content-type", "application/json; charset=utf-8", "content-length", String(Buffer.byteLength(text)));
  reply.hijack();
  reply.raw.writeHead(status, headers).end(text);
}
