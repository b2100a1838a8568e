/**
 * Whether a request is served at all, decided before anything is called, in one fixed order: emergency, maintenance,
 * read-only, egress, route, kills of route, tenant and tool, provider flags, kills of providers and models. Models
 * whose provider is off or killed are left out; the others of the route serve.
 */
import { DimmerError } from "@dimmer/spec/errors";
import { shorten } from "../input/shorten.ts";
import { gatewayFlags } from "../ports/switches.ts";
import type { ChatRequest } from "../protocol/chat-request.ts";
import type { RouteModel } from "../routing/router.ts";
import { isModelKilled, isProviderOn, refuseEgress, refuseKilledGateway, refuseOrigin } from "./call-gate.ts";
import type { CallGate } from "./call-gate.ts";
import type { CallOrigin } from "./call-origin.ts";

/** The routes by name, each with its models in priority order. */
export type Routes = ReadonlyMap<string, readonly RouteModel[]>;

export type Admission =
  | { readonly ok: true; readonly models: readonly RouteModel[] }
  | { readonly ok: false; readonly error: DimmerError };

export function admit(gate: CallGate, routes: Routes, origin: CallOrigin, request: ChatRequest): Admission {
  const { switches } = gate;
  const { context } = origin;
  const closed = refuseKilledGateway(switches);
  if (closed !== undefined) return refuse(closed);
  if (switches.boolean(gatewayFlags.emergencyShutdown, false, context))
    return refuse(new DimmerError("emergency_shutdown"));
  if (switches.boolean(gatewayFlags.maintenance, false, context)) return refuse(new DimmerError("maintenance_mode"));
  if (switches.boolean(gatewayFlags.readOnly, false, context) && writesOrActs(request)) {
    return refuse(new DimmerError("read_only_refused"));
  }
  const egress = refuseEgress(switches, context);
  if (egress !== undefined) return refuse(egress);
  const models = routes.get(origin.route);
  if (models === undefined) {
    return refuse(new DimmerError("model_not_found", `No route is named '${shorten(origin.route)}'.`));
  }
  const error = refuseOrigin(gate, origin);
  return error === undefined ? admitModels(gate, origin, models) : refuse(error);
}

function admitModels(gate: CallGate, origin: CallOrigin, models: readonly RouteModel[]): Admission {
  const { switches } = gate;
  const on = models.filter((model) => isProviderOn(gate, model.provider, origin.context));
  if (on.length === 0) return refuse(naming("provider_disabled", "provider", models));
  const alive = on.filter((model) => !switches.isKilled("provider", model.provider));
  if (alive.length === 0) return refuse(naming("provider_killed", "provider", on));
  const callable = alive.filter((model) => !isModelKilled(switches, model));
  if (callable.length === 0) return refuse(naming("model_killed", "model", alive));
  return { ok: true, models: callable };
}

function refuse(error: DimmerError): Admission {
  return { ok: false, error };
}

const sentences = {
  provider_disabled: "Every provider of this route is turned off",
  provider_killed: "Every provider of this route that is turned on is killed",
  model_killed: "Every model of this route is killed",
} as const;

function naming(code: keyof typeof sentences, what: "provider" | "model", models: readonly RouteModel[]): DimmerError {
  const names = [...new Set(models.map((model) => model[what]))];
  return new DimmerError(code, `${sentences[code]}: ${names.join(", ")}.`, { [`${what}s`]: names });
}

/** Tools act, and `store` makes the provider keep the answer; everything else of a completion only reads. */
function writesOrActs(request: ChatRequest): boolean {
  return isFilled(request["tools"]) || isFilled(request["functions"]) || request["store"] === true;
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}
