/** The attempts on a flag that the status no longer holds, read when somebody asks for them. */
import type { Rollout } from "@dimmer/spec";
import { useQuery } from "@tanstack/react-query";
import { useControlPlane } from "../live/control-plane.ts";
import { queryKeys } from "../live/query-keys.ts";

/** So many attempts of a flag are read, its latest among them. */
const attemptLimit = 50;

interface EarlierAttempts {
  readonly attempts: readonly Rollout[];
  /** That they are being read, or could not be. */
  readonly note: string | undefined;
}

/** Of `flag`, newest first and without those of `rollouts`; none as long as `flag` is undefined. */
export function useEarlierAttempts(flag: string | undefined, rollouts: readonly Rollout[]): EarlierAttempts {
  const { client, environment } = useControlPlane();
  const attempts = useQuery({
    queryKey: queryKeys.attempts(environment, flag ?? ""),
    queryFn: ({ signal }) =>
      client.listRollouts({ params: { environment }, query: { flag, limit: attemptLimit }, signal }),
    enabled: flag !== undefined,
  });
  const isKnown = new Set(rollouts.map(({ id }) => id));
  return {
    attempts: (attempts.data ?? []).filter(({ id }) => !isKnown.has(id)),
    note: attempts.isError
      ? "earlier attempts could not be read"
      : attempts.isFetching
        ? "reading earlier attempts"
        : undefined,
  };
}
