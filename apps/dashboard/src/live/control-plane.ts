/** What every part of the page speaks through: the client, its clock, and the environment it looks at. */
import type { ApiClient } from "@dimmer/api-client";
import { createContext, useContext } from "react";
import type { ServerClock } from "./server-clock.ts";

export interface ControlPlane {
  readonly client: ApiClient;
  readonly clock: ServerClock;
  readonly environment: string;
}

export const ControlPlaneContext = createContext<ControlPlane | undefined>(undefined);

/** The control plane of the page this is part of. */
export function useControlPlane(): ControlPlane {
  const controlPlane = useContext(ControlPlaneContext);
  if (controlPlane === undefined) throw new Error("useControlPlane is called outside of the page");
  return controlPlane;
}
