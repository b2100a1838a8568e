/** Who calls a flagd service, and what about. */
import type { Token } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import type { ServedFlags } from "../flags/served-flags.ts";
import { hasScope } from "../tokens/scopes.ts";
import type { TokenService } from "../tokens/token-service.ts";
import { parseSelector } from "./parse-selector.ts";

/** What the flagd services stand on. */
export interface FlagdCallers {
  readonly served: ServedFlags;
  readonly tokens: Pick<TokenService, "authenticate" | "isValid">;
  readonly environments: () => readonly string[];
  /** Whether callers without a token are served. One that sends a token must be known all the same. */
  readonly isOpen: boolean;
}

/** One caller. */
export interface Caller {
  /** Undefined: a caller without one. */
  readonly token: Token | undefined;
  /** The environment a selector named; undefined when it named none. */
  readonly selected: string | undefined;
  /** Whether it may ask for an environment. */
  readonly isAllowed: (environment: string) => boolean;
}

/** The environment a caller asks for: the selected one, the token's own, or `default`. */
export function environmentOf({ selected, token }: Caller): string {
  return selected ?? token?.environment ?? "default";
}

/**
 * Reads the headers `authorization` and `flagd-selector`; `selector` is the request's own field.
 *
 * @throws `unauthenticated`, `forbidden`, `environment_not_found`, `invalid_request`.
 */
export function identify(callers: FlagdCallers, headers: Headers, selector = ""): Caller {
  const authorization = headers.get("authorization") ?? undefined;
  const token = authorization === undefined && callers.isOpen ? undefined : callers.tokens.authenticate(authorization);
  if (token !== undefined && !hasScope(token, "read"))
    throw new DimmerError("forbidden", `The token '${token.name}' has not the scope 'read'.`);
  const isAllowed = (environment: string): boolean =>
    token === undefined || token.environment === null || token.environment === environment;
  const name = parseSelector(headers.get("flagd-selector") ?? selector);
  const selected = name === undefined ? undefined : findEnvironment(callers, name);
  if (selected !== undefined && !isAllowed(selected))
    throw new DimmerError("forbidden", `The token '${token?.name}' is not good for the environment '${selected}'.`);
  return { token, selected, isAllowed };
}

/**
 * The environment that has this name, or whose set has this id.
 *
 * @throws `environment_not_found`.
 */
export function findEnvironment(
  { environments, served }: Pick<FlagdCallers, "environments" | "served">,
  name: string,
): string {
  const names = environments();
  const found = names.find((known) => known === name) ?? names.find((known) => served.current(known).setId === name);
  if (found !== undefined) return found;
  throw new DimmerError("environment_not_found", `There is no environment '${name}'.`, { environment: name });
}
