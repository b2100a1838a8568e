import { createEventParser } from "@dimmer/api-client";
import type { ServerSentEvent } from "@dimmer/api-client";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function parse(...chunks: (string | Uint8Array)[]): ServerSentEvent[] {
  const events: ServerSentEvent[] = [];
  const parser = createEventParser((event) => events.push(event));
  for (const chunk of chunks) parser.push(typeof chunk === "string" ? bytes(chunk) : chunk);
  return events;
}

describe("what the standard says of a stream", () => {
  test.each<[string, string, ServerSentEvent[]]>([
    [
      "data lines are joined by line feeds",
      "data: YHOO\ndata: +2\ndata: 10\n\n",
      [{ event: "message", data: "YHOO\n+2\n10", id: "" }],
    ],
    ["a comment says nothing", ": test stream\n\ndata: first\n\n", [{ event: "message", data: "first", id: "" }]],
    [
      "one space after the colon is dropped, not two",
      "data:  third\n\n",
      [{ event: "message", data: " third", id: "" }],
    ],
    [
      "a field without a colon has an empty value",
      "data\n\ndata\ndata\n\n",
      [
        { event: "message", data: "", id: "" },
        { event: "message", data: "\n", id: "" },
      ],
    ],
    [
      "a block without its empty line counts for nothing",
      "data: a\n\ndata: b\n",
      [{ event: "message", data: "a", id: "" }],
    ],
    [
      "an event without data is not told, and its type is forgotten",
      "event: x\n\ndata: a\n\n",
      [{ event: "message", data: "a", id: "" }],
    ],
    [
      "an id stays until another comes",
      "id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n",
      [
        { event: "message", data: "a", id: "1" },
        { event: "message", data: "b", id: "1" },
        { event: "message", data: "c", id: "" },
      ],
    ],
    [
      "an id with a null character is ignored",
      "id: 1\nid: 2\0\ndata: a\n\n",
      [{ event: "message", data: "a", id: "1" }],
    ],
    [
      "an unknown field is ignored",
      "retry: 10\nfoo: bar\nevent: kills\ndata: a\n\n",
      [{ event: "kills", data: "a", id: "" }],
    ],
    ["field names are exact", "Data: a\n data: b\ndata: c\n\n", [{ event: "message", data: "c", id: "" }]],
    [
      "CR, LF and CRLF all end a line",
      "data: a\r\rdata: b\r\n\r\ndata: c\n\n",
      [
        { event: "message", data: "a", id: "" },
        { event: "message", data: "b", id: "" },
        { event: "message", data: "c", id: "" },
      ],
    ],
    [
      "one byte order mark is dropped, a second belongs to the line",
      "\uFEFFdata: a\n\n\uFEFFdata: b\n\n",
      [{ event: "message", data: "a", id: "" }],
    ],
  ])("%s", (_, text, events) => {
    expect(parse(text)).toEqual(events);
  });
});

test("a CRLF that is cut in two is one line end", () => {
  expect(parse("data: a\r", "\ndata: b\r", "\n\r", "\n")).toEqual([{ event: "message", data: "a\nb", id: "" }]);
});

test("a character that is cut in two arrives whole", () => {
  const [euro] = [bytes("data: €\n\n")];
  expect(parse(euro.slice(0, 7), euro.slice(7))).toEqual([{ event: "message", data: "€", id: "" }]);
});

test("an event beyond the limit is refused, on one line or on many", () => {
  for (const text of ["data: 12345678901\n\n", "data: 123456\ndata: 123456\ndata"]) {
    const parser = createEventParser(() => undefined, 10);
    expect(() => parser.push(bytes(text.slice(0, -2)))).toThrow("longer than 10 characters");
  }
});

// The standard's algorithm, written without regard to chunks: the whole text at once.
function parseWhole(text: string): ServerSentEvent[] {
  const events: ServerSentEvent[] = [];
  let [event, data, id] = ["", "", ""];
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  for (const line of lines.slice(0, -1)) {
    const [, field, value = ""] = /^([^:]*)(?:: ?(.*))?$/su.exec(line) ?? [];
    if (line === "") {
      if (data !== "") events.push({ event: event === "" ? "message" : event, data: data.slice(0, -1), id });
      [event, data] = ["", ""];
    } else if (field === "data") data += `${value}\n`;
    else if (field === "event") event = value;
    else if (field === "id" && !value.includes("\0")) id = value;
  }
  return events;
}

test("however a stream is cut, the events are those of the whole", () => {
  const piece = fc.constantFrom(
    "data",
    "event",
    "id",
    ":",
    " ",
    "\r",
    "\n",
    "\r\n",
    "\n\n",
    "a",
    "€",
    "😀",
    "\uFEFF",
    "\0",
    "data: x\n\n",
    "",
  );
  const stream = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(stream, fc.array(fc.nat({ max: 7 }), { minLength: 1 }), (text, sizes) => {
      const whole = bytes(text);
      const chunks: Uint8Array[] = [];
      for (let at = 0, index = 0; at < whole.length; index += 1) {
        const size = Math.max(sizes[index % sizes.length] ?? 1, index % 3);
        chunks.push(whole.slice(at, at + size));
        at += size;
      }
      expect(parse(...chunks)).toEqual(parseWhole(text));
    }),
    { numRuns: 2000 },
  );
});
