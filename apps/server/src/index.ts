/** The control plane as a library: the CLI and tests start it in their own process. */
export { createControlPlane, type ControlPlane, type ControlPlaneOptions } from "./control-plane.ts";
export { createServerLog } from "./server-log.ts";
export type { Clock } from "./clock.ts";
export type { Log } from "./log.ts";
