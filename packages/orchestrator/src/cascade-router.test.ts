import { describe, expect, test } from "vitest";
import { DimmerError } from "@dimmer/spec/errors";
import type { CallOutcome, Caller, Completion, RouteAnswer, RouteModel, RoutingRequest } from "@dimmer/gateway";
import { createCascadeRouter, defaultThreshold } from "@dimmer/orchestrator";
import type { CascadeOptions } from "@dimmer/orchestrator";

const question = "Ann packs 12 boxes of 8 pears each. She gives away 20 pears. How many pears are left?";
const good = "12 * 8 = 96\n96 - 20 = 76\n#### 76";
const doubtful = "There are 76 pears left.\n#### 76";
const wrong = "12 * 8 = 98\n98 - 20 = 78\n#### 78";

const cheapA: RouteModel = { provider: "p", model: "cheap-a", tier: "cheap" };
const cheapB: RouteModel = { provider: "q", model: "cheap-b", tier: "cheap" };
const strongA: RouteModel = { provider: "p", model: "strong-a", tier: "strong" };
const strongB: RouteModel = { provider: "q", model: "strong-b", tier: "strong" };

type Reply =
  | string
  | { readonly text: string; readonly finishReason: string }
  | { readonly error: DimmerError; readonly mayTryElsewhere: boolean };

const down: Reply = { error: new DimmerError("provider_failed"), mayTryElsewhere: true };
const refused: Reply = { error: new DimmerError("provider_refused"), mayTryElsewhere: false };

/** Answers by model name; takes down who was asked, and how. */
class ScriptedCaller implements Caller {
  readonly calls: string[] = [];
  readonly #replies: Readonly<Record<string, Reply>>;

  constructor(replies: Readonly<Record<string, Reply>>) {
    this.#replies = replies;
  }

  async complete(model: RouteModel): Promise<CallOutcome<Completion>> {
    this.calls.push(model.model);
    const reply = this.#replies[model.model] ?? "";
    if (typeof reply === "object" && "error" in reply) return { ok: false, ...reply };
    const { text, finishReason } = typeof reply === "string" ? { text: reply, finishReason: "stop" } : reply;
    const body = Buffer.from(
      JSON.stringify({ choices: [{ message: { content: text }, finish_reason: finishReason }] }),
    );
    const usage = { inputTokens: 1, outputTokens: 1, isEstimated: true };
    return { ok: true, value: { model, body, usage, costMicroUsd: 1, latencyMs: 1, text: () => text } };
  }

  async stream(model: RouteModel): ReturnType<Caller["stream"]> {
    this.calls.push(`${model.model}:stream`);
    const reply = this.#replies[model.model];
    if (typeof reply === "object" && "error" in reply) return { ok: false, ...reply };
    async function* frames(): AsyncGenerator<Uint8Array, void> {
      yield Buffer.from("data: {}\n\n");
    }
    return { ok: true, value: { model, frames: frames(), text: () => "" } };
  }
}

interface Run {
  readonly answer: RouteAnswer;
  /** `provider/model` that answers, or the error's code. */
  readonly by: string;
  readonly calls: readonly string[];
}

async function run(
  replies: Readonly<Record<string, Reply>>,
  routing: Partial<RoutingRequest> & { readonly content?: string } = {},
  options: CascadeOptions = {},
): Promise<Run> {
  const caller = new ScriptedCaller(replies);
  const { content = question, ...rest } = routing;
  const answer = await createCascadeRouter(options).route(
    {
      requestId: "r1",
      route: "chat",
      request: { model: "chat", messages: [{ role: "user", content }] },
      models: [strongA, cheapA, strongB],
      wantsStream: false,
      signal: new AbortController().signal,
      ...rest,
    },
    caller,
  );
  const by =
    answer.type === "completion"
      ? answer.completion.model.model
      : answer.type === "stream"
        ? answer.stream.model.model
        : answer.error.code;
  return { answer, by, calls: caller.calls };
}

test("a cheap answer that holds is delivered, and nobody else is asked", async () => {
  const { by, calls, answer } = await run({ "cheap-a": good });
  expect(by).toBe("cheap-a");
  expect(calls).toEqual(["cheap-a"]);
  expect(answer.steps).toEqual([expect.stringMatching(/^p\/cheap-a:accepted\(0\.\d\d\)$/)]);
});

test.each([
  ["whose arithmetic fails", wrong],
  ["that does not convince", doubtful],
  ["that is empty", ""],
  ["that was cut off", { text: good, finishReason: "length" }],
])("a cheap answer %s is not delivered: the first strong model answers", async (_, reply) => {
  const { by, calls } = await run({ "cheap-a": reply, "strong-a": "76" });
  expect(by).toBe("strong-a");
  expect(calls).toEqual(["cheap-a", "strong-a"]);
});

test("the steps say why", async () => {
  const { answer } = await run({ "cheap-a": wrong, "strong-a": "76" });
  expect(answer.steps).toEqual(["p/cheap-a:rejected(wrong-arithmetic)", "p/strong-a:answered"]);
});

describe("failures", () => {
  test("a cheap model that is down costs nothing but its call", async () => {
    const { by, calls } = await run({ "cheap-a": down, "strong-a": "76" });
    expect([by, calls]).toEqual(["strong-a", ["cheap-a", "strong-a"]]);
  });

  test("what a cheap model refuses, a strong one may take", async () => {
    expect((await run({ "cheap-a": refused, "strong-a": "76" })).by).toBe("strong-a");
  });

  test("the next strong model answers for one that is down", async () => {
    const { by, calls } = await run({ "cheap-a": doubtful, "strong-a": down, "strong-b": "76" });
    expect([by, calls]).toEqual(["strong-b", ["cheap-a", "strong-a", "strong-b"]]);
  });

  test("when every strong model is down, a cheap answer that was merely unconvincing is the last resort", async () => {
    const { by, answer } = await run({ "cheap-a": doubtful, "strong-a": down, "strong-b": down });
    expect(by).toBe("cheap-a");
    expect(answer.steps.at(-1)).toBe("p/cheap-a:last-resort");
  });

  test("a cheap answer found to be wrong is not even the last resort", async () => {
    expect((await run({ "cheap-a": wrong, "strong-a": down, "strong-b": down })).by).toBe("provider_failed");
  });

  test("nothing is delivered after a refusal that ends the request", async () => {
    const { by, calls } = await run({ "cheap-a": doubtful, "strong-a": refused, "strong-b": "76" });
    expect([by, calls]).toEqual(["provider_refused", ["cheap-a", "strong-a"]]);
  });

  test("a route whose models are all turned off fails with a reason", async () => {
    const { answer } = await run({}, { models: [] });
    expect(answer).toMatchObject({ type: "failed", error: { code: "provider_failed" } });
  });
});

describe("two cheap models", () => {
  const models = [cheapA, cheapB, strongA];

  test("the second is asked when the first does not convince", async () => {
    const { by, calls } = await run({ "cheap-a": doubtful, "cheap-b": good }, { models });
    expect([by, calls]).toEqual(["cheap-b", ["cheap-a", "cheap-b"]]);
  });

  test("two unconvincing answers that agree convince", async () => {
    const unmarked = "Ann packs 12 * 8 = 96 pears and gives away 20, so she keeps 96 - 20 = 76.";
    const alone = await run({ "cheap-a": unmarked, "strong-a": "76" }, { models: [cheapA, strongA] });
    const together = await run({ "cheap-a": unmarked, "cheap-b": unmarked, "strong-a": "76" }, { models });
    expect([alone.by, together.by]).toEqual(["strong-a", "cheap-a"]);
    expect(together.answer.steps.at(-1)).toMatch(/^q\/cheap-b:accepted\(agreed,0\.\d\d\)$/);
  });

  test("answers that differ do not", async () => {
    const unmarked = "12 * 8 = 96 and 96 - 20 = 76";
    const other = "20 * 8 = 160 and 160 - 12 = 148";
    expect((await run({ "cheap-a": unmarked, "cheap-b": other, "strong-a": "76" }, { models })).by).toBe("strong-a");
  });

  test("agreement with an answer found to be wrong counts for nothing", async () => {
    expect((await run({ "cheap-a": wrong, "cheap-b": "#### 78", "strong-a": "76" }, { models })).by).toBe("strong-a");
  });
});

describe("requests whose answers cannot be verified", () => {
  test("go to a strong model at once: a draft would only cost", async () => {
    const { calls, answer } = await run(
      { "cheap-a": "Pears.", "strong-a": "Pears!" },
      { content: "Write a poem about pears." },
    );
    expect(calls).toEqual(["strong-a"]);
    expect(answer.steps).toEqual(["nothing-to-verify(prose)", "p/strong-a:answered"]);
  });

  test("fall back to a cheap model when no strong one answers", async () => {
    expect(
      (await run({ "cheap-a": "Pears.", "strong-a": down, "strong-b": down }, { content: "Write a poem." })).by,
    ).toBe("cheap-a");
  });

  test("are answered by cheap models on their form where the threshold says so", async () => {
    expect((await run({ "cheap-a": "Pears." }, { content: "Write a poem." }, { threshold: 0.5 })).calls).toEqual([
      "cheap-a",
    ]);
  });
});

describe("streams", () => {
  test("a verified answer is complete, and left to the gateway to frame", async () => {
    const { answer, calls } = await run({ "cheap-a": good }, { wantsStream: true });
    expect([answer.type, calls]).toEqual(["completion", ["cheap-a"]]);
  });

  test("a strong answer is streamed as it comes", async () => {
    const { answer, calls } = await run({ "cheap-a": doubtful, "strong-a": "76" }, { wantsStream: true });
    expect([answer.type, calls]).toEqual(["stream", ["cheap-a", "strong-a:stream"]]);
  });
});

test("a route without strong models answers from its cheap ones, unverified", async () => {
  expect((await run({ "cheap-a": wrong }, { models: [cheapA] })).by).toBe("cheap-a");
});

test("a higher threshold trusts less", async () => {
  expect((await run({ "cheap-a": good, "strong-a": "76" }, {}, { threshold: 1 })).by).toBe("strong-a");
  expect((await run({ "cheap-a": doubtful, "strong-a": "76" }, {}, { threshold: 0 })).by).toBe("cheap-a");
});

test("no state is kept: the same request always takes the same way", async () => {
  const router = createCascadeRouter();
  const routing = {
    requestId: "r",
    route: "chat",
    request: { model: "chat", messages: [{ role: "user", content: question }] },
    models: [cheapA, strongA],
    wantsStream: false,
    signal: new AbortController().signal,
  };
  const steps = await Promise.all(
    ["r1", "r2", "r3"].map(async () => (await router.route(routing, new ScriptedCaller({ "cheap-a": good }))).steps),
  );
  expect(new Set(steps.map((list) => list.join())).size).toBe(1);
});

test.each([-0.1, 1.1, Number.NaN])("a threshold of %s is refused", (threshold) => {
  expect(() => createCascadeRouter({ threshold })).toThrow(expect.objectContaining({ code: "config_invalid" }));
});

test("the default threshold is above what an answer gets on its form alone", () => {
  expect(defaultThreshold).toBeGreaterThan(0.5);
});
