/** Which router answers a request: v2 for those whom the exposure flag takes in, while its master switch is on. */
import { gatewayFlags } from "../ports/switches.ts";
import type { FlagContext, Switches } from "../ports/switches.ts";
import type { Router } from "./router.ts";

export interface Routers {
  readonly priority: Router;
  /** Absent: the gateway alone is v1, whatever the flags say. */
  readonly orchestrated: Router | undefined;
}

export interface Assignment {
  readonly router: Router;
  /** Version of the flag set that decided. */
  readonly flagVersion: number;
  /** Variant of the exposure flag the request counts for; undefined while the flag decides nothing. */
  readonly observedVariant: string | undefined;
}

export function assignRouter(switches: Switches, routers: Routers, context: FlagContext): Assignment {
  const exposure = switches.details(gatewayFlags.exposure, false, context);
  const { orchestrated } = routers;
  if (orchestrated === undefined || !switches.boolean(gatewayFlags.orchestration, false, context)) {
    return { router: routers.priority, flagVersion: exposure.version, observedVariant: undefined };
  }
  return {
    router: exposure.value ? orchestrated : routers.priority,
    flagVersion: exposure.version,
    observedVariant: exposure.variant,
  };
}
