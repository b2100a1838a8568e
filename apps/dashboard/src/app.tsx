/** Decides what stands on the page: the token form, or the console of one environment. */
import { createApiClient } from "@dimmer/api-client";
import { DimmerError } from "@dimmer/spec/errors";
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useMemo } from "react";
import type { ReactElement } from "react";
import { Console } from "./console.tsx";
import { ControlPlaneContext } from "./live/control-plane.ts";
import { ServerClock } from "./live/server-clock.ts";
import { useSession } from "./session/session.ts";
import { TokenForm } from "./session/token-form.tsx";

/** Named by the address (?environment=…), so that a link shows the same to everyone. */
const environment = new URLSearchParams(location.search).get("environment") ?? "default";

export function App(): ReactElement {
  const { token, wasRefused, signIn, refuse } = useSession();
  if (token === undefined) return <TokenForm wasRefused={wasRefused} onToken={signIn} />;
  return <SignedIn key={token} token={token} onRefused={refuse} />;
}

function SignedIn({ token, onRefused }: { token: string; onRefused: () => void }): ReactElement {
  const controlPlane = useMemo(() => {
    const clock = new ServerClock();
    return { client: createApiClient({ url: location.origin, token, fetch: clock.fetch }), clock, environment };
  }, [token]);
  const queryClient = useMemo(() => createQueryClient(onRefused), [onRefused]);
  return (
    <QueryClientProvider client={queryClient}>
      <ControlPlaneContext value={controlPlane}>
        <Console onRefused={onRefused} />
      </ControlPlaneContext>
    </QueryClientProvider>
  );
}

function createQueryClient(onRefused: () => void): QueryClient {
  const onError = (error: unknown): void => {
    if (DimmerError.is(error) && error.code === "unauthenticated") onRefused();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        // The stream says what is out of date; what the control plane refuses it refuses again.
        staleTime: Infinity,
        retry: (failures, error) => DimmerError.is(error) && error.definition.retryable && failures < 2,
        retryDelay: 1000,
        // Not only "when the browser believes it is online": the control plane is often this very machine.
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
}
