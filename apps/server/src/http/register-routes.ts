/** Mounts every route of the contract: who may call it, what it takes, what it answers. */
import { contract, type RouteForms, type RouteName, type Token } from "@dimmer/spec";
import { routes, type Route } from "@dimmer/spec/routes";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { authorize } from "../tokens/authorize.ts";
import { parseForm } from "./request-faults.ts";
import type { Call, JsonRouteName, RouteHandlers } from "./route-handlers.ts";

/** What the routes stand on. */
export interface RouteServices {
  /** Finds the token behind an Authorization header. Throws `unauthenticated`. */
  authenticate(authorization: string | undefined): Token;
  /** Throws `environment_not_found`. */
  requireEnvironment(name: string): void;
  readonly handlers: RouteHandlers;
  /** Answers the stream; it lasts as long as the connection. */
  openStream(call: Call<"stream">, request: FastifyRequest, reply: FastifyReply): void;
}

/** Registers all of them from the table. */
export function registerRoutes(app: FastifyInstance, services: RouteServices): void {
  const principals = new WeakMap<FastifyRequest, Token>();

  for (const name of routeNames()) {
    const route: Route = routes[name];
    const forms: RouteForms = contract[name];

    const toCall = (request: FastifyRequest): Call<RouteName> => {
      const call = {
        params: request.params,
        query: forms.query === undefined ? undefined : parseForm(forms.query, request.query, "query"),
        body: forms.body === undefined ? undefined : parseForm(forms.body, request.body, "body"),
        principal: principals.get(request),
      };
      // Just parsed by this route's own forms, which is what Call<name> is derived from.
      return call as Call<RouteName>;
    };

    app.route({
      method: route.method,
      url: route.path,
      // Before the body is read: strangers cannot make the server read 4 MiB.
      onRequest: async (request) => {
        const principal = services.authenticate(request.headers.authorization);
        // The path's own parameters; the router only yields strings.
        const { environment } = request.params as { environment?: string };
        authorize(principal, route.scope, environment);
        if (environment !== undefined) services.requireEnvironment(environment);
        principals.set(request, principal);
      },
      handler: async (request, reply) => {
        const call = toCall(request);
        if (name === "stream") return services.openStream(call, request, reply);
        // The table of handlers is typed route by route; a loop cannot carry that type along.
        const handle = services.handlers[name] as (call: Call<JsonRouteName>) => unknown;
        return await handle(call);
      },
    });
  }
}

function routeNames(): RouteName[] {
  // Object.keys forgets the literal type of the keys of a closed table.
  return Object.keys(routes) as RouteName[];
}
