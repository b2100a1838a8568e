/** What a gateway is configured with: as an operator writes it, and as the gateway uses it, every default filled in. */
import type { CallTimeouts } from "../calls/caller.ts";
import type { PriceTable } from "../calls/prices.ts";
import type { RetryPolicy } from "../calls/retry.ts";
import type { ProviderConfig, ProviderConfigInput } from "../providers/provider-config.ts";
import type { RouteModel } from "../routing/router.ts";

/** A key callers may use. Only its hash is kept, so a configuration holds no secret. */
export interface CallerKey {
  /** Whose key it is; shown in logs. */
  readonly name: string;
  /** SHA-256 of the key, hex. */
  readonly sha256: string;
}

/** What callers may make the gateway hold, in bytes, requests and milliseconds. */
export interface GatewayLimits {
  /** Held at a time, from the first byte of a request to the last of its answer; more are refused. Default 5,000. */
  readonly concurrentRequests: number;
  /** Default 4 MiB. */
  readonly bodyBytes: number;
  /** All headers of a request together. Default 16 KiB. */
  readonly headerBytes: number;
  /** For a client to send its headers. Default 10,000. */
  readonly headersTimeoutMs: number;
  /** For a client to send its whole request. Default 30,000. */
  readonly requestTimeoutMs: number;
  /** For a client to read on in an answer that is complete. Default 30,000. */
  readonly readTimeoutMs: number;
}

/** The configuration, complete and valid. */
export interface GatewayConfig {
  readonly providers: Readonly<Record<string, ProviderConfig>>;
  /** What callers name as `model`, and the models that answer, highest priority first. */
  readonly routes: Readonly<Record<string, { readonly models: readonly RouteModel[] }>>;
  /** The list prices with the operator's own over them. */
  readonly prices: PriceTable;
  readonly retry: RetryPolicy;
  /** `headersMs` 30,000, `stallMs` 15,000; `deadlineMs` 120,000 bounds a request with all its calls. */
  readonly timeouts: CallTimeouts & { readonly deadlineMs: number };
  readonly limits: GatewayLimits;
  readonly shadow: {
    /** Shadows at a time; what comes beyond is dropped and counted. Default 8. */
    readonly concurrency: number;
  };
  /** Empty: anybody who reaches the gateway may call. */
  readonly apiKeys: readonly CallerKey[];
  /** Whether a gateway without keys may listen beyond loopback. Default false. */
  readonly allowAnonymous: boolean;
}

/** The same, as it is written: everything but providers and routes may be left out. */
export interface GatewayConfigInput {
  readonly providers: Readonly<Record<string, ProviderConfigInput>>;
  readonly routes: Readonly<Record<string, { readonly models: readonly RouteModelInput[] }>>;
  readonly prices?: Readonly<Record<string, PriceInput>>;
  readonly retry?: Partial<RetryPolicy>;
  readonly timeouts?: Partial<GatewayConfig["timeouts"]>;
  readonly limits?: Partial<GatewayLimits>;
  readonly shadow?: Partial<GatewayConfig["shadow"]>;
  readonly apiKeys?: readonly CallerKey[];
  readonly allowAnonymous?: boolean;
}

/** One model of a route as it is written; those of a route stand in order of priority. */
export interface RouteModelInput {
  readonly provider: string;
  readonly model: string;
  /** Default strong. */
  readonly tier?: "cheap" | "strong";
}

/** A price as it is written, in micro-USD per million tokens: $10 are 10,000,000. */
export interface PriceInput {
  readonly inputMicroUsdPerMillion: number;
  readonly outputMicroUsdPerMillion: number;
  /** YYYY-MM-DD; absent: unknown. */
  readonly asOf?: string;
}
