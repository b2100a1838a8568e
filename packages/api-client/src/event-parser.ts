/**
 * Parser of server-sent events, exact to the HTML standard
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation): lines end in CR, LF or
 * CRLF, chunks may be cut anywhere, one byte order mark is dropped, a block that is not ended by an empty line counts
 * for nothing. `retry` is not read: when to reconnect is the reader's own decision.
 */
import { DimmerError } from "@dimmer/spec/errors";

/** One event that carried data. */
export interface ServerSentEvent {
  /** Its type; `message` when the server named none. */
  readonly event: string;
  /** Its data lines, joined by line feeds. */
  readonly data: string;
  /** The last id the server has sent on this stream; empty while it has sent none. */
  readonly id: string;
}

export interface EventParser {
  /** Takes the next bytes and tells of every event they complete. Throws `body_too_large` for an event beyond the limit. */
  push(chunk: Uint8Array): void;
}

const defaultMaxEventLength = 64 * 1024 * 1024;

/** Creates a parser for one connection. `maxEventLength` (characters, default 64 Mi) bounds what one event may hold. */
export function createEventParser(
  onEvent: (event: ServerSentEvent) => void,
  maxEventLength: number = defaultMaxEventLength,
): EventParser {
  // The decoder keeps characters that are cut between chunks, and drops the byte order mark.
  const decoder = new TextDecoder();
  let unfinishedLine = "";
  let isAfterCarriageReturn = false;
  let eventType = "";
  let data: string[] = [];
  let length = 0;
  let id = "";

  const endLine = (line: string): void => {
    if (line === "") {
      const event = { event: eventType === "" ? "message" : eventType, data: data.join("\n"), id };
      const hasData = data.length > 0;
      eventType = "";
      data = [];
      length = 0;
      if (hasData) onEvent(event);
      return;
    }
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (field === "data") {
      length += value.length;
      data.push(value);
    } else if (field === "event") eventType = value;
    else if (field === "id" && !value.includes("\0")) id = value;
  };

  return {
    push: (chunk) => {
      const text = decoder.decode(chunk, { stream: true });
      if (text === "") return;
      let start = isAfterCarriageReturn && text.startsWith("\n") ? 1 : 0;
      isAfterCarriageReturn = text.endsWith("\r");
      const lineEnd = /\r\n|\r|\n/g;
      lineEnd.lastIndex = start;
      for (let match = lineEnd.exec(text); match !== null; match = lineEnd.exec(text)) {
        endLine(unfinishedLine + text.slice(start, match.index));
        unfinishedLine = "";
        start = lineEnd.lastIndex;
      }
      unfinishedLine += text.slice(start);
      if (length + unfinishedLine.length > maxEventLength) {
        throw new DimmerError("body_too_large", `An event of the stream is longer than ${maxEventLength} characters.`, {
          maxEventLength,
        });
      }
    },
  };
}
