/** The control plane as a store. */
export { createControlPlaneStore } from "./control-plane-store.ts";
export type { ControlPlaneStore, ControlPlaneStoreOptions } from "./control-plane-store.ts";
