/** The control plane's log: one JSON line per event on stderr, by pino. */
import { destination, pino, stdSerializers } from "pino";
import type { Log } from "./log.ts";

/** `level` is pino's: trace, debug, info, warn, error or silent. */
export function createServerLog(level: string): Log {
  return pino({ level, base: { name: "dimmer-server" }, serializers: { error: stdSerializers.err } }, destination(2));
}
