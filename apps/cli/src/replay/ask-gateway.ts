/** Sends every question of a replay through a real gateway, once answered by v1 and once by v2. */
import { createGateway } from "@dimmer/gateway";
import type { Gateway, RecordedAnswers, Router } from "@dimmer/gateway";
import { DimmerError } from "@dimmer/spec/errors";
import { InMemorySwitches } from "./in-memory-switches.ts";
import type { RecordedQuestion } from "./replay-file.ts";
import { cheapModel, strongModel } from "./replay-models.ts";

/** What the gateway answered to one question. */
export interface GatewayAnswer {
  /** Model whose answer was delivered. */
  readonly model: string;
  readonly text: string;
  /** Of all calls made for it. */
  readonly costMicroUsd: number;
}

/** Answers of both routers, in the order of the questions. */
export interface GatewayAnswers {
  readonly v1: readonly GatewayAnswer[];
  readonly v2: readonly GatewayAnswer[];
}

/** The name callers give as `model`; v1 takes its models in this order, v2 by their tiers. */
const route = "replay";
const concurrency = 16;

/** Asks a gateway on a loopback port, and closes it. */
export async function askGateway(questions: readonly RecordedQuestion[], router: Router): Promise<GatewayAnswers> {
  const models = [strongModel, cheapModel];
  const switches = new InMemorySwitches(models.map((model) => model.provider));
  const gateway = createReplayGateway(questions, router, switches);
  const { url } = await gateway.listen();
  const askAll = (): Promise<readonly GatewayAnswer[]> =>
    mapConcurrently(questions, concurrency, ({ prompt }) => ask(url, prompt));
  try {
    switches.exposeV2(false);
    const v1 = await askAll();
    switches.exposeV2(true);
    return { v1, v2: await askAll() };
  } finally {
    await gateway.close({ graceMs: 1000 });
  }
}

function createReplayGateway(
  questions: readonly RecordedQuestion[],
  router: Router,
  switches: InMemorySwitches,
): Gateway {
  const answers: RecordedAnswers = new Map(
    questions.map(({ prompt, cheapAnswer, strongAnswer }) => [
      prompt,
      { [cheapModel.name]: cheapAnswer, [strongModel.name]: strongAnswer },
    ]),
  );
  const recorded = { type: "recorded" as const, load: () => answers };
  return createGateway({
    config: {
      providers: { [strongModel.provider]: recorded, [cheapModel.provider]: recorded },
      routes: {
        [route]: {
          models: [
            { provider: strongModel.provider, model: strongModel.name, tier: "strong" },
            { provider: cheapModel.provider, model: cheapModel.name, tier: "cheap" },
          ],
        },
      },
      prices: { [strongModel.name]: strongModel.price, [cheapModel.name]: cheapModel.price },
    },
    dimmer: switches,
    router,
  });
}

async function ask(url: string, prompt: string): Promise<GatewayAnswer> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: route, messages: [{ role: "user", content: prompt }] }),
  });
  const model = response.headers.get("x-dimmer-model");
  const costMicroUsd = Math.round(Number(response.headers.get("x-dimmer-cost-usd")) * 1e6);
  // OpenAI's chat completion: the gateway under replay writes it.
  const body = (await response.json()) as {
    choices?: { message?: { content?: unknown } }[];
    error?: { message?: string };
  };
  const text = body.choices?.[0]?.message?.content;
  if (!response.ok || model === null || typeof text !== "string" || !Number.isFinite(costMicroUsd)) {
    const reason = body.error?.message ?? "no answer could be read";
    throw new DimmerError("internal", `The gateway answered ${response.status} to a recorded question: ${reason}.`);
  }
  return { model, text, costMicroUsd };
}

/** Results in the order of the items, a bounded number at a time. */
async function mapConcurrently<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Map<number, R>();
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results.set(index, await work(item));
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return [...results].toSorted(([one], [other]) => one - other).map(([, result]) => result);
}
