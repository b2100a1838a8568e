import fc from "fast-check";
import { expect, test } from "vitest";
import { SseFrameSplitter, maxFrameBytes } from "./sse-frames.ts";

const newline = fc.constantFrom("\n", "\r\n");
const line = fc.oneof(
  fc.string({ unit: "grapheme" }).map((text) => `data: ${text.replace(/[\r\n]/g, "")}`),
  fc.constant(": comment"),
  fc.constant("event: x"),
  fc.constant("data:"),
);
const frame = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 4 }), newline)
  .map(([lines, end]) => lines.join(end) + end + end);

test("however the bytes are cut, the same events come out, byte for byte", () => {
  fc.assert(
    fc.property(
      fc.array(frame, { maxLength: 6 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 20 })),
      (frames, sizes) => {
        const bytes = Buffer.from(frames.join(""));
        const splitter = new SseFrameSplitter();
        const out: string[] = [];
        for (let at = 0; at < bytes.length;) {
          const size = sizes.next().value ?? 1;
          for (const found of splitter.push(bytes.subarray(at, at + size)) ?? [])
            out.push(Buffer.from(found.bytes).toString());
          at += size;
        }
        expect(out).toEqual(frames);
      },
    ),
  );
});

test("data lines are joined, and one space after the colon is not data", () => {
  const [found] = new SseFrameSplitter().push(Buffer.from("event: x\ndata: a\ndata:  b\n: c\ndata:d\n\n")) ?? [];
  expect(found?.data).toBe("a\n b\nd");
});

test("a comment alone has no data", () => {
  expect(new SseFrameSplitter().push(Buffer.from(": ping\n\n"))).toMatchObject([{ data: undefined }]);
});

test("an event without end is given up", () => {
  const splitter = new SseFrameSplitter();
  expect(splitter.push(Buffer.alloc(maxFrameBytes))).toEqual([]);
  expect(splitter.push(Buffer.alloc(1))).toBeUndefined();
});
