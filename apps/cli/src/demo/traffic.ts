/**
 * The demo's users: a steady, open-loop stream of requests from a few thousand of them, each answer judged against what
 * the flags allowed while it was asked.
 */
import { createArithmeticTask, finalAnswer } from "@dimmer/gateway";
import type { Pool } from "undici";

/** What every answer should be now; `either` while a change is on its way. */
export type Expectation = "served" | "refused" | "either";

/** One answered request. */
export interface Answer {
  readonly sentAtMs: number;
  readonly latencyMs: number;
  readonly status: number;
  /** Error code of a refusal. */
  readonly code: string | undefined;
  readonly provider: string | undefined;
  /** Which router answered: v1 or v2. */
  readonly router: string | undefined;
  readonly isRight: boolean;
}

/** Totals since the start. */
export interface TrafficCounts {
  readonly sent: number;
  readonly served: number;
  readonly servedByV2: number;
  readonly refused: number;
  readonly failed: number;
  readonly right: number;
  /** Refused although it should have been served. */
  readonly wronglyRefused: number;
  /** Served although it should have been refused, or by something that was killed. */
  readonly wronglyAdmitted: number;
}

export interface TrafficOptions {
  readonly pool: Pool;
  /** Requests a second, as long as no more than `maxUnderWay` are waiting for an answer: a busy machine is asked less, not later. */
  readonly rate: number;
  readonly maxUnderWay: number;
  /** How many different users ask. */
  readonly users: number;
  /** Routes asked in turn. */
  readonly routes: readonly string[];
  readonly random: () => number;
  readonly nowMs: () => number;
}

export interface Traffic {
  start(): void;
  /** Stops asking and waits for what is under way. */
  stop(): Promise<void>;
  /** Says what answers to requests sent from now on should be. */
  expect(expectation: Expectation): void;
  /** Counts every answer of this provider to a request sent from now on as wrongly admitted; undefined lifts it. */
  forbidProvider(provider: string | undefined): void;
  counts(): TrafficCounts;
  /** Calls back with every answer until the returned function is called. */
  onAnswer(listener: (answer: Answer) => void): () => void;
  /** Sends one request on a route now and answers what came back. */
  ask(route: string, user: string): Promise<Answer>;
}

const tickMs = 10;
/** Codes with which the gateway refuses on purpose; every other failure is one the caller suffers. */
const admissionCodes: ReadonlySet<string> = new Set([
  "emergency_shutdown",
  "maintenance_mode",
  "egress_disabled",
  "read_only_refused",
  "route_killed",
  "provider_disabled",
  "provider_killed",
  "model_killed",
  "tenant_killed",
  "tool_killed",
]);

/** Creates traffic that has not started. */
export function createTraffic({ pool, rate, maxUnderWay, users, routes, random, nowMs }: TrafficOptions): Traffic {
  const counts = {
    sent: 0,
    served: 0,
    servedByV2: 0,
    refused: 0,
    failed: 0,
    right: 0,
    wronglyRefused: 0,
    wronglyAdmitted: 0,
  };
  const listeners = new Set<(answer: Answer) => void>();
  const underWay = new Set<Promise<unknown>>();
  let expectation: Expectation = "either";
  let forbidden: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let owed = 0;
  let lastTickMs = 0;

  const ask = async (route: string, user: string): Promise<Answer> => {
    const task = createArithmeticTask(random);
    const sentAtMs = nowMs();
    try {
      const { statusCode, headers, body } = await pool.request({
        method: "POST",
        path: "/v1/chat/completions",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ model: route, user, messages: [{ role: "user", content: task.prompt }] }),
      });
      const text = await body.text();
      const answered = {
        sentAtMs,
        latencyMs: nowMs() - sentAtMs,
        status: statusCode,
        provider: header(headers["x-dimmer-provider"]),
        router: header(headers["x-dimmer-variant"]),
      };
      if (statusCode === 200)
        return { ...answered, code: undefined, isRight: finalAnswer(contentOf(text)) === task.answer };
      return { ...answered, code: codeOf(text), isRight: false };
    } catch {
      return {
        sentAtMs,
        latencyMs: nowMs() - sentAtMs,
        status: 0,
        code: "unreachable",
        provider: undefined,
        router: undefined,
        isRight: false,
      };
    }
  };

  const askAndCount = async (): Promise<void> => {
    const expected = expectation;
    const forbiddenThen = forbidden;
    counts.sent += 1;
    const route = routes[Math.floor(random() * routes.length)] ?? "";
    const answer = await ask(route, `user-${Math.floor(random() * users)}`);
    const isRefusal = answer.code !== undefined && admissionCodes.has(answer.code);
    if (answer.status === 200) {
      counts.served += 1;
      if (answer.router === "v2") counts.servedByV2 += 1;
      if (answer.isRight) counts.right += 1;
      if (expected === "refused" || (forbiddenThen !== undefined && answer.provider === forbiddenThen))
        counts.wronglyAdmitted += 1;
    } else if (isRefusal) {
      counts.refused += 1;
      if (expected === "served") counts.wronglyRefused += 1;
    } else counts.failed += 1;
    for (const listener of listeners) listener(answer);
  };

  const tick = (): void => {
    const now = nowMs();
    // A late timer owes more; a stalled machine is not made to catch up all at once.
    owed = Math.min(owed + (rate * (now - lastTickMs)) / 1000, rate / 4);
    lastTickMs = now;
    while (owed >= 1) {
      owed -= 1;
      if (underWay.size >= maxUnderWay) continue;
      const request = askAndCount().finally(() => underWay.delete(request));
      underWay.add(request);
    }
  };

  return {
    start: () => {
      lastTickMs = nowMs();
      timer ??= setInterval(tick, tickMs);
    },
    stop: async () => {
      clearInterval(timer);
      timer = undefined;
      await Promise.all(underWay);
    },
    expect: (next) => {
      expectation = next;
    },
    forbidProvider: (provider) => {
      forbidden = provider;
    },
    counts: () => ({ ...counts }),
    onAnswer: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ask,
  };
}

function header(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function contentOf(text: string): string {
  const body: unknown = JSON.parse(text);
  const choices = field(body, "choices");
  const content = field(field(Array.isArray(choices) ? choices[0] : undefined, "message"), "content");
  return typeof content === "string" ? content : "";
}

function codeOf(text: string): string {
  try {
    const code = field(field(JSON.parse(text), "error"), "code");
    return typeof code === "string" ? code : "unknown";
  } catch {
    return "unknown";
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && name in value ? Reflect.get(value, name) : undefined;
}
