/** Sends one call and reads its answer. */
import { DimmerError } from "@dimmer/spec/errors";
import type { Route } from "@dimmer/spec/routes";
import { pathOf } from "./connection.ts";
import type { AddressValues, Connection } from "./connection.ts";
import { startDeadline } from "./deadline.ts";
import { causeOf, errorOfAnswer, errorOfSilence } from "./failure.ts";

/** Any call, its form already checked by the types of `RequestOf`. */
export interface AnyRequest {
  readonly params?: AddressValues;
  readonly query?: AddressValues;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** Answers with the parsed body. The server validates by the same contract, so its form is trusted here. */
export async function send(connection: Connection, route: Route, request: AnyRequest): Promise<unknown> {
  const path = pathOf(route, request.params ?? {}, request.query ?? {});
  const deadline = startDeadline(connection.clock, connection.timeoutMs, request.signal);
  const hasBody = request.body !== undefined;
  try {
    const response = await connection.fetch(path, {
      method: route.method,
      headers: {
        accept: "application/json",
        ...(hasBody ? { "content-type": "application/json" } : {}),
      },
      ...(hasBody ? { body: JSON.stringify(request.body) } : {}),
      signal: deadline.signal,
      // The control plane never redirects; following would turn a POST into a GET.
      redirect: "error",
      cache: "no-store",
      credentials: "omit",
    });
    if (!response.ok) throw await errorOfAnswer(connection, response);
    return await response.json();
  } catch (thrown) {
    if (DimmerError.is(thrown)) throw thrown;
    if (deadline.hasExpired) throw errorOfSilence(connection, `no answer within ${connection.timeoutMs} ms`, thrown);
    request.signal?.throwIfAborted();
    throw errorOfSilence(connection, thrown instanceof SyntaxError ? "what came is not JSON" : causeOf(thrown), thrown);
  } finally {
    deadline.release();
  }
}
