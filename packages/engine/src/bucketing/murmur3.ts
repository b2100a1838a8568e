/**
 * MurmurHash3 x86 32-bit, seed 0, over UTF-8 bytes (Austin Appleby, public domain; github.com/aappleby/smhasher).
 * Written for keys that share a constant beginning: the beginning is hashed once, at load, and only the rest of the
 * key is hashed per evaluation. The rest is often the same text again, because a request asks several flags for one
 * user, so its bytes are kept until another text comes. Nothing is allocated for texts of up to 1,536 bytes.
 */

import { limits } from "../limits.ts";

/** The state of a hash after a constant beginning: `length` bytes are mixed in, and 0 to 3 more are still to come. */
export interface HashPrefix {
  readonly state: number;
  readonly length: number;
  readonly restLength: number;
  /** Those bytes as a little-endian word, of which they are the last ones. */
  readonly rest: number;
}

const encoder = new TextEncoder();
const wordSize = 4;
/** A word for what is left of the prefix, then the text: the longest flag key fits, at three bytes a character. */
const buffer = new Uint8Array(wordSize + 3 * limits.nameLength);
const bufferView = new DataView(buffer.buffer);
const textBytes = buffer.subarray(wordSize);
/** The text whose bytes are in the buffer, and how many they are. */
let lastText = "";
let lastSize = 0;

/** The prefix of keys that have no constant beginning. */
export const emptyPrefix: HashPrefix = { state: 0, length: 0, restLength: 0, rest: 0 };

/** Hashes the constant beginning of a key: a name, which the buffer holds whole. */
export function hashPrefix(text: string): HashPrefix {
  encodeIntoBuffer(text);
  const length = lastSize & ~3;
  let rest = 0;
  for (let i = length; i < lastSize; i += 1) rest = (rest >>> 8) | ((textBytes[i] ?? 0) << 24);
  const state = mixWords(0, bufferView, wordSize, wordSize + length);
  return { state, length, restLength: lastSize - length, rest };
}

/** Hash of the prefix followed by `text`, as a signed 32-bit integer. */
export function hash(prefix: HashPrefix, text: string): number {
  if (text !== lastText && !encodeIntoBuffer(text)) return hashLong(prefix, text);
  return hashFrom(prefix, bufferView, lastSize);
}

/** False when the text does not fit; the buffer then holds no text at all. */
function encodeIntoBuffer(text: string): boolean {
  const { read, written } = encoder.encodeInto(text, textBytes);
  const isWhole = read === text.length;
  lastText = isWhole ? text : "";
  lastSize = isWhole ? written : 0;
  return isWhole;
}

function hashLong(prefix: HashPrefix, text: string): number {
  const encoded = encoder.encode(text);
  const bytes = new Uint8Array(wordSize + encoded.length);
  bytes.set(encoded, wordSize);
  return hashFrom(prefix, new DataView(bytes.buffer), encoded.length);
}

/** Mixes in what is left of the prefix and the `size` bytes of text in `view`, and finalises. */
function hashFrom({ state, length, restLength, rest }: HashPrefix, view: DataView, size: number): number {
  view.setInt32(0, rest, true);
  const start = wordSize - restLength;
  const open = restLength + size;
  const tail = start + (open & ~3);
  let h = mixWords(state, view, start, tail);
  const left = open & 3;
  if (left > 0) {
    let k = view.getUint8(tail);
    if (left > 1) k |= view.getUint8(tail + 1) << 8;
    if (left > 2) k |= view.getUint8(tail + 2) << 16;
    h ^= scramble(k);
  }
  h ^= length + open;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function mixWords(state: number, view: DataView, start: number, end: number): number {
  let h = state;
  for (let i = start; i < end; i += wordSize) {
    h ^= scramble(view.getInt32(i, true));
    h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
  }
  return h;
}

function scramble(word: number): number {
  const k = Math.imul(word, 0xcc9e2d51);
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
}
