/**
 * Messages of streams as they go over the wire, written once however many take them. gRPC, gRPC-Web and Connect agree on
 * it (https://connectrpc.com/docs/protocol#streaming-request): a byte of flags, here none, four of length, the message.
 */
import { create, toBinary, toJsonString, type DescMessage } from "@bufbuild/protobuf";
import type { HandlerContext } from "@connectrpc/connect";

const prefixBytes = 5;
const frames = new WeakMap<object, Map<string, Uint8Array>>();

/** `message` as the stream of `call` carries it. The same object gives the same bytes. */
export function frameOf({ method, requestHeader }: HandlerContext, message: object): Uint8Array {
  // `application/grpc+json`, and the like of the other protocols.
  const isJson = requestHeader.get("content-type")?.includes("json") === true;
  const form = `${method.output.typeName} ${isJson ? "json" : "binary"}`;
  const known = frames.get(message) ?? new Map<string, Uint8Array>();
  frames.set(message, known);
  const frame = known.get(form) ?? encodeFrame(method.output, message, isJson);
  known.set(form, frame);
  return frame;
}

function encodeFrame(schema: DescMessage, init: object, isJson: boolean): Uint8Array {
  const message = create(schema, { ...init });
  const bytes = isJson ? Buffer.from(toJsonString(schema, message)) : toBinary(schema, message);
  const frame = Buffer.alloc(prefixBytes + bytes.length);
  frame.writeUInt32BE(bytes.length, 1);
  frame.set(bytes, prefixBytes);
  return frame;
}
