import { expect, test } from "vitest";
import { protocolArguments, readProtocolOptions } from "./protocol-options.ts";

const given = {
  "flagd-sync-port": "8015",
  "metrics-open": true,
  "ofrep-origin": "https://a.example, https://b.example",
};

test("what is said is served, and nothing else", () => {
  expect(readProtocolOptions({})).toEqual({ flagd: {} });
  expect(readProtocolOptions(given)).toEqual({
    flagd: { syncPort: 8015 },
    isMetricsOpen: true,
    ofrep: { allowedOrigins: ["https://a.example", "https://b.example"] },
  });
});

test("another process is told the same", () => {
  expect(protocolArguments(given)).toEqual([
    "--flagd-sync-port",
    "8015",
    "--metrics-open",
    "--ofrep-origin",
    "https://a.example, https://b.example",
  ]);
});
