/** The environments' part of the API. */
import type { RouteHandlers } from "../http/route-handlers.ts";
import type { ReadOnlyMode } from "../status/read-only-mode.ts";
import type { EnvironmentService } from "./environment-service.ts";

export function environmentHandlers(
  environments: EnvironmentService,
  readOnlyMode: ReadOnlyMode,
): Pick<RouteHandlers, "listEnvironments" | "createEnvironment"> {
  return {
    listEnvironments: () => environments.list(),
    async createEnvironment({ body, principal }) {
      for (const name of environments.names()) readOnlyMode.assertWritable(name, "a new environment");
      return await environments.create(body.name, principal.name);
    },
  };
}
