/** Whether a token is good for what its bearer wants. */
import type { Scope, Token } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { hasScope } from "./scopes.ts";

/**
 * `environment` is the one it is wanted for; undefined: all of them.
 *
 * @throws `forbidden` when the token lacks the scope, or is good for another environment.
 */
export function authorize(token: Token, scope: Scope, environment: string | undefined): void {
  if (!hasScope(token, scope)) {
    throw new DimmerError("forbidden", `The token '${token.name}' has not the scope '${scope}'.`, {
      token: token.name,
      needed: scope,
      scopes: token.scopes,
    });
  }
  if (token.environment === null || token.environment === environment) return;
  const wanted = environment === undefined ? "all environments" : `the environment '${environment}'`;
  throw new DimmerError(
    "forbidden",
    `The token '${token.name}' is good for the environment '${token.environment}', not for ${wanted}.`,
    { token: token.name, environment: token.environment },
  );
}
