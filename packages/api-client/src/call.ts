/** One call of one route: what it takes and answers, as types derived from the contract. */
import type { Contract } from "@dimmer/spec";
import type { RouteName, routes } from "@dimmer/spec/routes";

type InputOf<S> = S extends { readonly _zod: { readonly input: infer I } } ? I : never;
type OutputOf<S> = S extends { readonly _zod: { readonly output: infer O } } ? O : never;

/** The names after `:` in a path. */
type PathParams<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | PathParams<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

type ParamsOf<R extends RouteName> = PathParams<(typeof routes)[R]["path"]>;
/** Query values as a caller writes them; on the wire they are strings, so every field of a form is optional or a string. */
type QueryOf<S> = { readonly [K in keyof OutputOf<S>]?: OutputOf<S>[K] | undefined };

/** What one call of a route takes: the parameters of its path, its query, its body, and a signal to give up. */
export type RequestOf<R extends RouteName> = ([ParamsOf<R>] extends [never]
  ? unknown
  : { readonly params: { readonly [K in ParamsOf<R>]: string } }) &
  (Contract[R] extends { readonly query: infer Q } ? { readonly query?: QueryOf<Q> } : unknown) &
  (Contract[R] extends { readonly body: infer B } ? { readonly body: InputOf<B> } : unknown) & {
    readonly signal?: AbortSignal | undefined;
  };

/** What a route answers. */
export type ResponseOf<R extends RouteName> = OutputOf<Contract[R]["response"]>;
