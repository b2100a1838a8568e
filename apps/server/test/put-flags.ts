/** Puts flags into an environment of a test's control plane. */
import type { FlagDefinitions } from "@dimmer/spec";
import type { TestPlane } from "./start-plane.ts";

export async function putFlags(
  plane: TestPlane,
  flags: FlagDefinitions["flags"],
  environment = "default",
): Promise<void> {
  await plane.call("applyChangeSet", {
    params: { environment },
    body: { edits: Object.entries(flags).map(([flag, definition]) => ({ type: "put", flag, definition })) },
  });
}
