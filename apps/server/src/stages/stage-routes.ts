/** The stages' part of the API. */
import type { RouteHandlers } from "../http/route-handlers.ts";
import type { ReadOnlyMode } from "../status/read-only-mode.ts";
import type { StageService } from "./stage-service.ts";

export function stageHandlers(
  stages: StageService,
  readOnlyMode: ReadOnlyMode,
): Pick<RouteHandlers, "getStage" | "enterStage"> {
  return {
    getStage: ({ params }) => stages.status(params.environment),
    async enterStage({ params, body, principal }) {
      if (body.stage !== "dark") readOnlyMode.assertWritable(params.environment, `entering the stage '${body.stage}'`);
      return await stages.enter(params.environment, { ...body, by: principal.name });
    },
  };
}
