/** The tokens' part of the API. */
import { DimmerError } from "@dimmer/spec/errors";
import type { EnvironmentService } from "../environments/environment-service.ts";
import type { RouteHandlers } from "../http/route-handlers.ts";
import type { ReadOnlyMode } from "../status/read-only-mode.ts";
import type { TokenService } from "./token-service.ts";

export function tokenHandlers(
  tokens: TokenService,
  environments: EnvironmentService,
  readOnlyMode: ReadOnlyMode,
): Pick<RouteHandlers, "listTokens" | "createToken" | "deleteToken"> {
  const assertWritable = (environment: string | null, what: string): void => {
    for (const name of environment === null ? environments.names() : [environment])
      readOnlyMode.assertWritable(name, what);
  };
  return {
    listTokens: () => tokens.list(),
    async createToken({ body, principal }) {
      if (body.environment !== null) environments.require(body.environment);
      assertWritable(body.environment, "a new token");
      return await tokens.create(body, principal.name);
    },
    async deleteToken({ params, principal }) {
      if (params.token === principal.id)
        throw new DimmerError("invalid_request", "A token cannot revoke itself; use another admin token.", {
          token: params.token,
        });
      const token = tokens.list().find((one) => one.id === params.token);
      if (token !== undefined) assertWritable(token.environment, "revoking a token");
      return { deleted: await tokens.delete(params.token, principal.name) };
    },
  };
}
