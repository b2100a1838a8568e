/**
 * What may stop a request or a single call, by flags and kills. Admission asks once per request; the caller asks
 * again before every call, retries, fallbacks and shadows included, so that a kill also reaches what is under way.
 */
import { DimmerError } from "@dimmer/spec/errors";
import { gatewayFlags } from "../ports/switches.ts";
import type { FlagContext, Switches } from "../ports/switches.ts";
import type { RouteModel } from "../routing/router.ts";
import type { CallOrigin } from "./call-origin.ts";

/** The flag that turns one provider on. */
export type ProviderFlags = ReadonlyMap<string, string>;

export interface CallGate {
  readonly switches: Switches;
  readonly providerFlags: ProviderFlags;
}

/** Why nothing may be called on behalf of this origin; undefined when calls may go out. */
export function refuseOrigin(gate: CallGate, origin: CallOrigin): DimmerError | undefined {
  const { switches } = gate;
  if (switches.isKilled("route", origin.route)) {
    return new DimmerError("route_killed", `The route '${origin.route}' is killed.`, { route: origin.route });
  }
  if (origin.tenant !== undefined && switches.isKilled("tenant", origin.tenant))
    return new DimmerError("tenant_killed");
  const tool = origin.tools.find((name) => switches.isKilled("tool", name));
  if (tool !== undefined) return new DimmerError("tool_killed", `The tool '${tool}' is killed.`, { tool });
  return undefined;
}

export function refuseEgress(switches: Switches, context: FlagContext): DimmerError | undefined {
  return switches.boolean(gatewayFlags.egress, false, context) ? undefined : new DimmerError("egress_disabled");
}

export function refuseKilledGateway(switches: Switches): DimmerError | undefined {
  if (!switches.isKilled("all")) return undefined;
  return new DimmerError("emergency_shutdown", "Everything is killed: no call may leave the gateway.");
}

export function isProviderOn(gate: CallGate, provider: string, context: FlagContext): boolean {
  const flag = gate.providerFlags.get(provider);
  return flag !== undefined && gate.switches.boolean(flag, false, context);
}

/** A kill of a model names it alone, or as `provider/model` to leave the same model at other providers alone. */
export function isModelKilled(switches: Switches, model: RouteModel): boolean {
  return switches.isKilled("model", model.model) || switches.isKilled("model", `${model.provider}/${model.model}`);
}

/** What one call is refused with. */
export interface CallRefusal {
  readonly error: DimmerError;
  readonly mayTryElsewhere: boolean;
}

/** Asked right before each call. The flags of an emergency or of maintenance let running requests finish; kills do not. */
export function refuseCall(gate: CallGate, origin: CallOrigin, model: RouteModel): CallRefusal | undefined {
  const { switches } = gate;
  const everywhere =
    refuseKilledGateway(switches) ?? refuseEgress(switches, origin.context) ?? refuseOrigin(gate, origin);
  if (everywhere !== undefined) return { error: everywhere, mayTryElsewhere: false };
  const details = { provider: model.provider, model: model.model };
  if (!isProviderOn(gate, model.provider, origin.context)) {
    const message = `The provider '${model.provider}' is turned off.`;
    return { error: new DimmerError("provider_disabled", message, details), mayTryElsewhere: true };
  }
  if (switches.isKilled("provider", model.provider)) {
    const message = `The provider '${model.provider}' is killed.`;
    return { error: new DimmerError("provider_killed", message, details), mayTryElsewhere: true };
  }
  if (isModelKilled(switches, model)) {
    const message = `The model '${model.model}' is killed.`;
    return { error: new DimmerError("model_killed", message, details), mayTryElsewhere: true };
  }
  return undefined;
}
