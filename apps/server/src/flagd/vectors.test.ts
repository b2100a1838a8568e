import { createRouterTransport, createClient, Code } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { readVectorSuites, serveDefinitions, type VectorCase } from "../../test/vectors.ts";
import { registerEvaluation } from "./evaluation-service.ts";
import { Service as ServiceV1 } from "./proto/evaluation-v1.ts";
import { Service as ServiceV2 } from "./proto/evaluation-v2.ts";

const codes: Readonly<Record<string, Code>> = {
  FLAG_NOT_FOUND: Code.NotFound,
  PARSE_ERROR: Code.DataLoss,
  GENERAL: Code.Unknown,
};

/** What a method answers, whichever version and type. */
interface Resolved {
  readonly value?: unknown;
  readonly variant?: string | undefined;
  readonly reason: string;
  readonly metadata?: object | undefined;
}

function connect(definitions: object, seconds: number | undefined) {
  const { served, clock } = serveDefinitions(definitions, seconds);
  const tokens = { authenticate: () => expect.unreachable(), isValid: () => true };
  const transport = createRouterTransport((router) =>
    registerEvaluation(router, { served, clock, tokens, environments: () => ["default"], isOpen: true }),
  );
  return { v1: createClient(ServiceV1, transport), v2: createClient(ServiceV2, transport) };
}

type Clients = ReturnType<typeof connect>;

async function resolve(
  client: Clients["v1"] | Clients["v2"],
  { flag, value, ...given }: VectorCase,
): Promise<Resolved> {
  // The vectors' contexts are JSON.
  const question = { flagKey: flag, context: given.context as Record<string, string> };
  switch (typeof value) {
    case "string":
      return await client.resolveString(question);
    case "number":
      return await client.resolveFloat(question);
    case "object":
      return await client.resolveObject(question);
    default:
      return await client.resolveBoolean(question);
  }
}

describe.each(readVectorSuites())("$name, $bucketing", ({ bucketing, definitions, cases }) => {
  test.each(cases)("$flag $context → $variant $reason", async (given) => {
    const { v1, v2 } = connect({ ...definitions, bucketing }, given.seconds);
    if (given.errorCode !== undefined) {
      for (const client of [v1, v2])
        await expect(resolve(client, given)).rejects.toMatchObject({ code: codes[given.errorCode] });
      return;
    }
    const { value, variant, reason, metadata = {} } = given;
    const answer = await resolve(v2, given);
    expect(answer).toMatchObject({ reason, metadata });
    expect([answer.value, answer.variant]).toEqual([value, variant]);
    const old = await resolve(v1, given);
    expect(old).toMatchObject({ reason, variant: variant ?? "" });
    if (value !== undefined) expect(old.value).toEqual(value);
    const { flags } = await v2.resolveAll({ context: given.context as Record<string, string> });
    expect(flags[given.flag]?.value.value).toEqual(value);
  });
});

test("a number is an integer only where nothing of it is lost", async () => {
  const number = (value: number): object => ({ state: "ENABLED", variants: { n: value }, defaultVariant: "n" });
  const { v2 } = connect({ flags: { whole: number(-3), part: number(3.14) } }, 0);
  expect((await v2.resolveInt({ flagKey: "whole" })).value).toBe(-3n);
  await expect(v2.resolveInt({ flagKey: "part" })).rejects.toMatchObject({ code: Code.InvalidArgument });
  expect((await v2.resolveFloat({ flagKey: "part" })).value).toBe(3.14);
});
