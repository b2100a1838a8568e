import { setImmediate } from "node:timers/promises";
import { createDimmer, defineFlags } from "@dimmer/sdk";
import { createRequestContext } from "@dimmer/sdk/request-context";
import { createMemoryStore } from "@dimmer/stores/testing";
import { expect, test } from "vitest";
import { booleanFlag, definitionsOf } from "../test/fixtures.ts";

const help = booleanFlag("off", {
  targeting: { if: [{ and: [{ "==": [{ var: "plan" }, "pro"] }, { "==": [{ var: "region" }, "eu"] }] }, "on", "off"] },
});
const requests = createRequestContext();
const dimmer = createDimmer({
  stores: [createMemoryStore("memory", definitionsOf({ help }))],
  currentContext: requests.current,
});

test("a getter sees the context of the request it is called in, across awaits and beside other requests", async () => {
  const serve = (plan: string): Promise<boolean> =>
    requests.run({ plan, region: "eu" }, async () => {
      await setImmediate();
      return dimmer.boolean("help", false);
    });
  expect(await Promise.all([serve("pro"), serve("free"), serve("pro")])).toEqual([true, false, true]);
});

test("a run within a run adds to it, and so does a getter's own context", () => {
  requests.run({ plan: "free", region: "eu" }, () => {
    requests.run({ plan: "pro" }, () => {
      expect(requests.current()).toEqual({ plan: "pro", region: "eu" });
      expect([dimmer.boolean("help", false), dimmer.boolean("help", false, { region: "us" })]).toEqual([true, false]);
    });
    expect([dimmer.boolean("help", false), dimmer.boolean("help", false, { plan: "pro" })]).toEqual([false, true]);
  });
});

test("every getter sees it, and typed flags too", () => {
  const flags = defineFlags(definitionsOf({ help })).bind(dimmer);
  requests.run({ plan: "pro", region: "eu" }, () => {
    expect(dimmer.isOn("help")).toBe(true);
    expect(dimmer.details("help", false).variant).toBe("on");
    expect(dimmer.evaluate("help").variant).toBe("on");
    expect(dimmer.all().map(({ variant }) => variant)).toEqual(["on"]);
    expect(flags.get("help")).toBe(true);
  });
});

test("outside of a run there is no context, and what a run was given later changes nothing", () => {
  const context = { plan: "free", region: "eu" };
  requests.run(context, () => {
    context.plan = "pro";
    expect(dimmer.boolean("help", true)).toBe(false);
  });
  expect(requests.current()).toEqual({});
  expect(dimmer.boolean("help", true)).toBe(false);
  expect(dimmer.boolean("help", false, { plan: "pro", region: "eu" })).toBe(true);
});
