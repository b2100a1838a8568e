/**
 * MurmurHash3 x86 32-bit, seed 0, over UTF-8 bytes (Austin Appleby, public domain; github.com/aappleby/smhasher).
 * Written for keys that share a constant beginning: the beginning is hashed once, at load, and only the rest of the
 * key is hashed per evaluation. Nothing is allocated for keys of up to 1,020 bytes.
 */

/** The state of a hash after a constant beginning: `length` bytes are mixed in, and 0 to 3 more are still to come. */
export interface HashPrefix {
  readonly state: number;
  readonly length: number;
  /** Those bytes, the first in the lowest place. */
  readonly rest: number;
  readonly restLength: 0 | 1 | 2 | 3;
}

const encoder = new TextEncoder();
const capacity = 1_024;
const buffer = new Uint8Array(capacity);
const bufferView = new DataView(buffer.buffer);
/** Where a key's text starts in the buffer, after the 0 to 3 bytes its prefix left over. */
const tails = [buffer, buffer.subarray(1), buffer.subarray(2), buffer.subarray(3)] as const;

/** The prefix of keys that have no constant beginning. */
export const emptyPrefix: HashPrefix = { state: 0, length: 0, rest: 0, restLength: 0 };

/** Hashes the constant beginning of a key. */
export function hashPrefix(text: string): HashPrefix {
  const bytes = encoder.encode(text);
  const length = bytes.length & ~3;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [first = 0, second = 0, third = 0] = bytes.subarray(length);
  const restLength = bytes.length - length;
  return {
    state: mixWords(0, view, length),
    length,
    rest: first | (second << 8) | (third << 16),
    restLength: restLength === 3 || restLength === 2 || restLength === 1 ? restLength : 0,
  };
}

/** Hash of the prefix followed by `text`, as a signed 32-bit integer. */
export function hash(prefix: HashPrefix, text: string): number {
  const { state, length, rest, restLength } = prefix;
  bufferView.setInt32(0, rest, true);
  const { read, written } = encoder.encodeInto(text, tails[restLength]);
  if (read < text.length) return hashLong(prefix, text);
  return finish(state, bufferView, restLength + written, length);
}

function hashLong({ state, length, rest, restLength }: HashPrefix, text: string): number {
  const encoded = encoder.encode(text);
  const bytes = new Uint8Array(4 + encoded.length);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, rest, true);
  bytes.set(encoded, restLength);
  return finish(state, view, restLength + encoded.length, length);
}

/** Mixes in `size` bytes and finalises; `before` bytes went in earlier. */
function finish(state: number, view: DataView, size: number, before: number): number {
  const whole = size & ~3;
  let h = mixWords(state, view, whole);
  let k = 0;
  if (size - whole === 3) k = view.getUint8(whole + 2) << 16;
  if (size - whole >= 2) k |= view.getUint8(whole + 1) << 8;
  if (size > whole) h ^= scramble(k | view.getUint8(whole));
  h ^= before + size;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function mixWords(state: number, view: DataView, size: number): number {
  let h = state;
  for (let i = 0; i < size; i += 4) {
    h ^= scramble(view.getInt32(i, true));
    h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
  }
  return h;
}

function scramble(word: number): number {
  const k = Math.imul(word, 0xcc9e2d51);
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
}
