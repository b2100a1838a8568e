/**
 * A provider for OpenFeature's server SDK (https://openfeature.dev/specification, sections 2, 5 and 6). The SDK around it
 * is asynchronous and costs some hundred times what the answer costs; code that asks often asks the Dimmer itself.
 */
import {
  ErrorCode,
  OpenFeatureEventEmitter,
  ProviderEvents,
  ProviderFatalError,
  ProviderNotReadyError,
} from "@openfeature/server-sdk";
import type { JsonValue, Provider } from "@openfeature/server-sdk";
import type { Dimmer } from "../dimmer.ts";
import type { DimmerStatus } from "../status.ts";
import { observeTrackedEvent } from "./observe-tracked-event.ts";
import type { TrackedEvent } from "./observe-tracked-event.ts";
import { plainContext } from "./plain-context.ts";
import { toResolution } from "./to-resolution.ts";

export interface OpenFeatureProviderOptions {
  /** Which of the program's tracked events are requests of a flag, by name; all others are passed over. @defaultValue none */
  readonly tracking?: Readonly<Record<string, TrackedEvent>>;
  /** How long initialization waits for the stores, in milliseconds. @defaultValue 5,000 */
  readonly readyTimeoutMs?: number;
  /** Whether the Dimmer is closed with the provider. @defaultValue true */
  readonly closesDimmer?: boolean;
}

/** Settles when every store has spoken, however late, or the Dimmer is closed: the longest a timer can wait. */
const untilReady = { timeoutMs: 2 ** 31 - 1 };
/** Asked for where OpenFeature's default may be no object; told apart by identity. */
const noObject = Object.freeze({});

/**
 * Makes a provider of a Dimmer. Initialization succeeds when every store is served, from itself or from its disk
 * snapshot; where it fails, flags are answered all the same from the definitions, and PROVIDER_READY follows when the
 * stores are there. A flag that nobody knows is FLAG_NOT_FOUND, at which a multi-provider goes on to the next.
 *
 * @example
 * await OpenFeature.setProviderAndWait(createOpenFeatureProvider(createDimmerFromEnvironment(process.env)));
 */
export function createOpenFeatureProvider(dimmer: Dimmer, options: OpenFeatureProviderOptions = {}): Provider {
  const { readyTimeoutMs = 5000, closesDimmer = true } = options;
  const tracking = new Map(Object.entries(options.tracking ?? {}));
  const events = new OpenFeatureEventEmitter();
  let ended: AbortController | undefined;
  let isClosed = false;

  /** Tells OpenFeature what happens from here on. */
  const follow = (signal: AbortSignal): void => {
    const stops = [
      dimmer.on("change", ({ keys }) => events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged: [...keys] })),
      dimmer.on("fresh", () => events.emit(ProviderEvents.Ready, {})),
      dimmer.on("stale", () => {
        const status = dimmer.status();
        const message = describeSilence(status);
        if (status.isReady) {
          events.emit(ProviderEvents.Stale, { message });
          return;
        }
        // The specification (5.1.5) wants the code, and the SDK reads it; its types have yet to name it.
        const details = { message, errorCode: ErrorCode.PROVIDER_NOT_READY };
        events.emit(ProviderEvents.Error, details);
      }),
    ];
    signal.addEventListener("abort", () => stops.forEach((stop) => stop()), { once: true });
  };
  const tellWhenReady = async (signal: AbortSignal): Promise<void> => {
    const { isReady } = await dimmer.ready(untilReady);
    if (isReady && !signal.aborted) events.emit(ProviderEvents.Ready, {});
  };

  return {
    metadata: { name: "dimmer" },
    runsOn: "server",
    events,
    initialize: async () => {
      if (isClosed) throw new ProviderFatalError("Its Dimmer was closed with it: make another of both.");
      ended = new AbortController();
      const { signal } = ended;
      const status = await dimmer.ready({ timeoutMs: readyTimeoutMs });
      if (signal.aborted) return;
      follow(signal);
      if (!status.isReady) {
        void tellWhenReady(signal);
        throw new ProviderNotReadyError(describeSilence(status));
      }
      // OpenFeature says PROVIDER_READY when this promise has settled; what is stale by then is said after it.
      setImmediate(() => {
        if (!signal.aborted && dimmer.status().isStale)
          events.emit(ProviderEvents.Stale, { message: describeSilence(dimmer.status()) });
      });
    },
    onClose: async () => {
      ended?.abort();
      // OpenFeature listens anew when it is given the provider again.
      events.removeAllHandlers();
      if (!closesDimmer) return;
      isClosed = true;
      await dimmer.close();
    },
    resolveBooleanEvaluation: async (key, fallback, context) =>
      toResolution(dimmer.details(key, fallback, plainContext(context))),
    resolveStringEvaluation: async (key, fallback, context) =>
      toResolution(dimmer.details(key, fallback, plainContext(context))),
    resolveNumberEvaluation: async (key, fallback, context) =>
      toResolution(dimmer.details(key, fallback, plainContext(context))),
    resolveObjectEvaluation: async <T extends JsonValue>(
      key: string,
      fallback: T,
      context: Parameters<Provider["resolveObjectEvaluation"]>[2],
    ) => {
      const details = dimmer.details(key, noObject, plainContext(context));
      // What shape the object has is the caller's claim, here as everywhere in OpenFeature.
      const value = details.value === noObject ? fallback : (details.value as JsonValue as T);
      return { ...toResolution(details), value };
    },
    track: (name, context, details) => {
      const event = tracking.get(name);
      if (event !== undefined) observeTrackedEvent(dimmer, event, plainContext(context), details);
    },
  };
}

/** Which stores are silent, and what went wrong last with one of them. */
function describeSilence({ stores, faults }: DimmerStatus): string {
  const silent = stores.filter((store) => store.isStale || store.ageMs === undefined).map((store) => store.name);
  const fault = faults.findLast(({ source }) => silent.includes(source));
  return `Not heard of: ${silent.join(", ")}.${fault === undefined ? "" : ` ${fault.message}`}`;
}
