/** What a route's handler receives and answers, derived from the contract. Features export handlers; register-routes.ts mounts them. */
import type { Contract, RouteName, Token } from "@dimmer/spec";
import type { routes } from "@dimmer/spec/routes";
import type { z } from "zod";

type ParameterNames<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParameterNames<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

type Parsed<Forms, Part extends string> =
  Forms extends Readonly<Record<Part, infer Form extends z.ZodType>> ? z.output<Form> : undefined;

/** One authenticated, validated request. */
export interface Call<Name extends RouteName> {
  readonly params: Readonly<Record<ParameterNames<(typeof routes)[Name]["path"]>, string>>;
  readonly query: Parsed<Contract[Name], "query">;
  readonly body: Parsed<Contract[Name], "body">;
  /** Whose token it is; its name is what audit entries say. */
  readonly principal: Token;
}

/** What a route answers. */
export type Answer<Name extends RouteName> = z.output<Contract[Name]["response"]>;

/** The routes that answer JSON: all but the stream. */
export type JsonRouteName = Exclude<RouteName, "stream">;

/** One handler for each JSON route. */
export type RouteHandlers = {
  readonly [Name in JsonRouteName]: (call: Call<Name>) => Answer<Name> | Promise<Answer<Name>>;
};
