/** A control plane for tests: a folder of its own, a free port, and calls whose answers are held against the contract. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contract, type Contract, type ErrorBody, type RouteName } from "@dimmer/spec";
import { routes } from "@dimmer/spec/routes";
import { createControlPlane, type ControlPlane, type ControlPlaneOptions } from "@dimmer/server";
import { onTestFinished } from "vitest";
import { z } from "zod";

type Input<Forms, Part extends string> =
  Forms extends Readonly<Record<Part, infer Form extends z.ZodType>>
    ? { readonly [K in Part]: z.input<Form> }
    : Readonly<Partial<Record<Part, never>>>;

/** What a test sends. The environment is `default` unless it says otherwise. */
export type TestCall<Name extends RouteName> = {
  readonly params?: Readonly<Record<string, string>>;
  readonly token?: string;
  readonly query?: Readonly<Record<string, string>>;
} & Input<Contract[Name], "body">;

export interface TestPlane extends ControlPlane {
  readonly directory: string;
  /** Calls a route and parses the answer by the contract; fails when it is an error. */
  call<Name extends RouteName>(name: Name, call: TestCall<Name>): Promise<z.output<Contract[Name]["response"]>>;
  /** Calls a route that must answer an error; answers status and body. */
  refuse<Name extends RouteName>(
    name: Name,
    call:
      | TestCall<Name>
      | {
          readonly body?: unknown;
          readonly params?: Readonly<Record<string, string>>;
          readonly token?: string;
          readonly query?: Readonly<Record<string, string>>;
        },
  ): Promise<{ status: number } & ErrorBody["error"]>;
}

export interface TestPlaneOptions extends Partial<Omit<ControlPlaneOptions, "port">> {
  /** Where one that takes another's place listens. @defaultValue any free port */
  readonly listenOn?: number;
}

/** A folder that is gone after the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "dimmer-test-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Starts one that ends with the test. */
export async function startPlane({ listenOn = 0, ...options }: TestPlaneOptions = {}): Promise<TestPlane> {
  const directory = options.directory ?? temporaryDirectory();
  const plane = await createControlPlane({ ...options, directory, port: listenOn });
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await plane.close();
    isOpen = false;
  };
  onTestFinished(close);

  async function send(
    name: RouteName,
    call: {
      readonly params?: Readonly<Record<string, string>> | undefined;
      readonly query?: Readonly<Record<string, string>> | undefined;
      readonly body?: unknown;
      readonly token?: string | undefined;
    },
  ): Promise<Response> {
    const route = routes[name];
    const params: Readonly<Record<string, string>> = { environment: "default", ...call.params };
    const path = route.path.replaceAll(/:([a-zA-Z]+)/g, (_match, parameter: string) =>
      encodeURIComponent(params[parameter] ?? ""),
    );
    return await fetch(`${plane.url}${path}?${new URLSearchParams(call.query).toString()}`, {
      method: route.method,
      headers: {
        authorization: `Bearer ${call.token ?? plane.adminToken}`,
        ...(call.body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    });
  }

  return {
    ...plane,
    close,
    directory,
    async call(name, call) {
      const response = await send(name, call);
      const text = await response.text();
      if (!response.ok) throw new Error(`${name} answered ${response.status}: ${text}`);
      const form: z.ZodType = contract[name].response;
      const parsed = form.safeParse(JSON.parse(text));
      if (!parsed.success)
        throw new Error(`${name} answered what the contract does not know: ${z.prettifyError(parsed.error)}`);
      // Parsed by the route's own form on the line above.
      return parsed.data as never;
    },
    async refuse(name, call) {
      const response = await send(name, call);
      const text = await response.text();
      if (response.ok) throw new Error(`${name} was not refused: ${text}`);
      // Error bodies have one shape; what a test reads of it, it asserts.
      return { status: response.status, ...(JSON.parse(text) as ErrorBody).error };
    },
  };
}
