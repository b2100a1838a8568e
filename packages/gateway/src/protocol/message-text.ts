/** What the messages of a request say, as far as it is text. */
import { isRecord } from "../input/is-record.ts";
import type { ChatRequest } from "./chat-request.ts";

/** Characters of every text in the messages. */
export function promptCharacters(request: ChatRequest): number {
  let characters = 0;
  for (const message of request.messages) characters += contentText(message.content).length;
  return characters;
}

/** Text of the last message a user wrote; empty when there is none. */
export function lastUserText(request: ChatRequest): string {
  const message = request.messages.findLast((candidate) => candidate.role === "user");
  return message === undefined ? "" : contentText(message.content);
}

/** Text of a message's content, which is a string or OpenAI's content parts. */
function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .map((part: unknown) => (isRecord(part) && typeof part["text"] === "string" ? part["text"] : ""))
    .join("");
}
