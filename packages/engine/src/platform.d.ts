// The one thing the pure packages take from their platform: turning a string into UTF-8 bytes. Node, browsers, Deno,
// Bun and edge runtimes all have it. Everything else (clock, timers, I/O, console) does not exist in this program.
declare class TextEncoder {
  encode(source: string): Uint8Array;
  encodeInto(source: string, destination: Uint8Array): { read: number; written: number };
}
