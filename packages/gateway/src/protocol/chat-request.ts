/** Reads the body of POST /v1/chat/completions. Only what the gateway acts on is checked; the rest is the provider's. */
import { isUtf8 } from "node:buffer";
import { DimmerError } from "@dimmer/spec/errors";
import { isRecord } from "../input/is-record.ts";

/** One message of a chat. Content is text or OpenAI's content parts; other fields are passed on untouched. */
export interface ChatMessage {
  readonly role: string;
  readonly content?: unknown;
  readonly [field: string]: unknown;
}

/** The body of POST /v1/chat/completions, as the caller sent it; fields Dimmer does not know are passed on. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly stream?: boolean;
  readonly user?: string;
  readonly [field: string]: unknown;
}

export type ChatRequestParse =
  | { readonly ok: true; readonly request: ChatRequest; readonly tools: readonly string[] }
  | { readonly ok: false; readonly error: DimmerError };

export function parseChatRequest(bytes: Buffer): ChatRequestParse {
  // Decoding would put replacement characters where the caller wrote something else.
  if (!isUtf8(bytes)) return invalid("body", "The body is not UTF-8.");
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString("utf8"));
  } catch {
    return invalid("body", bytes.length === 0 ? "The body is empty." : "The body is not JSON.");
  }
  if (!isRecord(body)) return invalid("body", "The body must be a JSON object.");
  const fault = findFault(body);
  if (fault !== undefined) return invalid(...fault);
  // Every field the type promises has been looked at above.
  return { ok: true, request: body as ChatRequest, tools: toolNames(body) };
}

type FieldFault = readonly [field: string, message: string];

function findFault(body: Readonly<Record<string, unknown>>): FieldFault | undefined {
  const { model, messages } = body;
  if (typeof model !== "string" || model === "") return ["model", "'model' must be the name of a route."];
  if (!Array.isArray(messages) || messages.length === 0) {
    return ["messages", "'messages' must be a list that is not empty."];
  }
  const wrong = messages.findIndex((message) => !isMessage(message));
  if (wrong !== -1) return [`messages[${wrong}]`, `'messages[${wrong}]' must be an object with a 'role'.`];
  for (const [field, isRight, must] of optionalFields) {
    const value = body[field] ?? undefined;
    if (value !== undefined && !isRight(value)) return [field, `'${field}' must be ${must}.`];
  }
  return undefined;
}

const optionalFields: readonly (readonly [field: string, isRight: (value: unknown) => boolean, must: string])[] = [
  ["stream", (value) => typeof value === "boolean", "true or false"],
  ["user", (value) => typeof value === "string", "a text"],
  ["tools", Array.isArray, "a list"],
  ["functions", Array.isArray, "a list"],
];

function invalid(field: string, message: string): ChatRequestParse {
  return { ok: false, error: new DimmerError("invalid_request", message, { field }) };
}

function isMessage(message: unknown): message is ChatMessage {
  return isRecord(message) && typeof message["role"] === "string";
}

/** Names of the tools and, as they were once called, functions a request offers. */
function toolNames(body: Readonly<Record<string, unknown>>): readonly string[] {
  if (body["tools"] === undefined && body["functions"] === undefined) return [];
  const names: string[] = [];
  for (const tool of [...listOf(body["tools"]), ...listOf(body["functions"])]) {
    if (!isRecord(tool)) continue;
    const definition = isRecord(tool["function"]) ? tool["function"] : tool;
    const name = definition["name"] ?? tool["type"];
    if (typeof name === "string") names.push(name);
  }
  return names;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
