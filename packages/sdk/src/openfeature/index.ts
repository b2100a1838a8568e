/** Dimmer behind OpenFeature's server SDK, for programs that speak OpenFeature already. */
export { createOpenFeatureProvider } from "./openfeature-provider.ts";
export type { OpenFeatureProviderOptions } from "./openfeature-provider.ts";
export type { TrackedEvent } from "./observe-tracked-event.ts";
