/** What a replica has not applied yet. Pure. */
import type { EnvironmentStatus, Replica } from "@dimmer/spec";

/** "lags: kills", "lags: flags, kills"; undefined when it is up to date. Somebody who is gone does not lag, but is gone. */
export function describeLag(
  replica: Replica,
  status: Pick<EnvironmentStatus, "version" | "killVersion">,
): string | undefined {
  const behind = [
    ...(replica.flagSetVersion < status.version ? ["flags"] : []),
    ...(replica.killVersion < status.killVersion ? ["kills"] : []),
  ];
  return behind.length === 0 || !replica.isConnected ? undefined : `lags: ${behind.join(", ")}`;
}
