/** What a supervisor and a Prometheus ask: does it live, does it take requests, what has it counted. */
import type { ServerResponse } from "node:http";
import type { HttpExchange } from "../http/address.ts";
import { writeBytes, writeJson } from "../http/response-writer.ts";
import { prometheusContentType, prometheusText } from "../measurements/prometheus-text.ts";
import type { AddressParts } from "./address-parts.ts";

/** Whether requests are taken: it listens, is not stopping, and has flags to go by. */
export function isReady(parts: AddressParts): boolean {
  return parts.state.isListening && !parts.state.isClosing && parts.chat.callers.gate.switches.status().isReady;
}

export function answerHealth({ response }: Pick<HttpExchange, "response">): void {
  writeJson(response, 200, {}, { ok: true });
}

export function answerReadiness(parts: AddressParts, response: ServerResponse): void {
  const { isReady: hasFlags, source, version, ageMs, isStale } = parts.chat.callers.gate.switches.status();
  const ready = isReady(parts);
  const { isClosing } = parts.state;
  const flags = { isReady: hasFlags, source, version, ageMs, isStale };
  writeJson(response, ready ? 200 : 503, {}, { ready, isClosing, flags });
}

export function answerMetrics(parts: AddressParts, response: ServerResponse): void {
  const { callers, measurements, running, shadows } = parts.chat;
  const text = prometheusText(measurements.snapshot(), {
    inFlight: running.count,
    shadowsRunning: shadows?.running ?? 0,
    isReady: isReady(parts),
    flags: callers.gate.switches.status(),
  });
  writeBytes(response, 200, { "content-type": prometheusContentType }, text);
}
