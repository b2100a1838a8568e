import type { Dimmer } from "@dimmer/sdk";
import { expectTypeOf, test } from "vitest";
import type { Switches } from "@dimmer/gateway";

test("the SDK's Dimmer is what the gateway asks for", () => {
  expectTypeOf<Dimmer>().toExtend<Switches>();
});
