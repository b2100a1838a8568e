/** The operator's addresses: what the gateway is doing, and how its simulated providers behave. */
import type { IncomingMessage } from "node:http";
import { DimmerError } from "@dimmer/spec/errors";
import { isProviderOn } from "../admission/call-gate.ts";
import type { Address, Answer } from "../http/address.ts";
import { findToken, hashToken, readBearer } from "../http/bearer-token.ts";
import { readRequestBody } from "../http/request-body.ts";
import { writeError, writeJson } from "../http/response-writer.ts";
import { ConfigReader } from "../input/config-reader.ts";
import { shorten } from "../input/shorten.ts";
import type { MeasurementsSnapshot } from "../measurements/measurements.ts";
import type { SwitchesStatus } from "../ports/switches.ts";
import { readSimulatedSettings, simulatedFields } from "../providers/simulated/settings.ts";
import type { SimulatedProvider } from "../providers/simulated/simulated-provider.ts";
import type { AddressParts } from "./address-parts.ts";
import { isReady } from "./health.ts";

/** The answer of GET /admin/status. */
export interface GatewayStatus {
  readonly isReady: boolean;
  readonly isClosing: boolean;
  readonly inFlight: number;
  readonly shadowsRunning: number;
  /** Names of the routers; no second one means that the gateway is v1 alone. */
  readonly routers: readonly string[];
  readonly flags: SwitchesStatus;
  readonly providers: Readonly<
    Record<string, { readonly type: string; readonly isOn: boolean; readonly isKilled: boolean }>
  >;
  readonly routes: Readonly<Record<string, { readonly isKilled: boolean }>>;
  /** Since the start; latency edges are in @dimmer/spec/latency-buckets. */
  readonly measurements: MeasurementsSnapshot;
}

/** Where an operator looks first. */
export const statusPath = "/admin/status";

const simulatedPath = /^\/admin\/simulated\/([^/]+)$/;

/** The operator's address at this path; undefined when there is none. */
export function findAdminAddress(parts: AddressParts, path: string): Address | undefined {
  if (path === statusPath) {
    return { GET: guarded(parts, ({ response }) => writeJson(response, 200, {}, gatewayStatus(parts))) };
  }
  const name = simulatedPath.exec(path)?.[1];
  if (name === undefined) return undefined;
  const provider = parts.simulated.get(name);
  if (provider === undefined) {
    const missing = guarded(parts, ({ response }) => writeError(response, noSimulated(parts, name)));
    return { GET: missing, PUT: missing };
  }
  const show: Answer = ({ response }) => writeJson(response, 200, {}, provider.settings);
  const change: Answer = async (exchange) => {
    const error = await configure(parts, provider, exchange.request);
    if (error === undefined) await show(exchange);
    else writeError(exchange.response, error);
  };
  return { GET: guarded(parts, show), PUT: guarded(parts, change) };
}

function guarded(parts: AddressParts, answer: Answer): Answer {
  return (exchange) => {
    const refusal = refuseOperator(parts, exchange.request);
    return refusal === undefined ? answer(exchange) : writeError(exchange.response, refusal);
  };
}

function noSimulated({ simulated }: AddressParts, name: string): DimmerError {
  const names = [...simulated.keys()];
  const known = names.length === 0 ? "This gateway has none." : `There are: ${names.join(", ")}.`;
  return new DimmerError("not_found", `No simulated provider is named '${shorten(name)}'. ${known}`);
}

/** Sets all settings at once; what the body leaves out goes back to its default. A faulty body changes nothing. */
async function configure(
  parts: AddressParts,
  provider: SimulatedProvider,
  request: IncomingMessage,
): Promise<DimmerError | undefined> {
  const read = await readRequestBody(request, parts.config.limits.bodyBytes);
  if (!read.ok) return read.error;
  let input: unknown;
  try {
    input = JSON.parse(read.body.toString("utf8"));
  } catch {
    return new DimmerError("invalid_request", "The body is not JSON.", { field: "body" });
  }
  const reader = new ConfigReader();
  const fields = reader.record(input, "", simulatedFields);
  const settings = fields === undefined ? undefined : readSimulatedSettings(reader, fields, "");
  const [first] = reader.faults;
  if (settings === undefined || first !== undefined) {
    const message = reader.faults.map((fault) => `${fault.pointer}: ${fault.message}`).join(" ");
    return new DimmerError("invalid_request", message, { field: first?.pointer ?? "", faults: reader.faults });
  }
  provider.configure(settings);
  return undefined;
}

function refuseOperator(parts: AddressParts, request: IncomingMessage): DimmerError | undefined {
  if (parts.adminToken === undefined)
    return new DimmerError("forbidden", "This gateway was started without an admin token, so nobody may use /admin.");
  const token = readBearer(request.headers);
  if (token === undefined) return new DimmerError("unauthenticated", "The admin token was not sent.");
  return findToken(token, [hashToken(parts.adminToken)]) === -1
    ? new DimmerError("unauthenticated", "This is not the admin token.")
    : undefined;
}

function gatewayStatus(parts: AddressParts): GatewayStatus {
  const { callers, measurements, running, routers, shadows } = parts.chat;
  const { switches } = callers.gate;
  const flags = switches.status();
  const context = { targetingKey: "gateway" };
  return {
    isReady: isReady(parts),
    isClosing: parts.state.isClosing,
    inFlight: running.count,
    shadowsRunning: shadows?.running ?? 0,
    routers: [routers.priority.name, ...(routers.orchestrated === undefined ? [] : [routers.orchestrated.name])],
    flags,
    providers: Object.fromEntries(
      [...callers.providers.values()].map(({ name, type }) => [
        name,
        { type, isOn: isProviderOn(callers.gate, name, context), isKilled: switches.isKilled("provider", name) },
      ]),
    ),
    routes: Object.fromEntries(
      [...parts.chat.routes.keys()].map((route) => [route, { isKilled: switches.isKilled("route", route) }]),
    ),
    measurements: measurements.snapshot(),
  };
}
