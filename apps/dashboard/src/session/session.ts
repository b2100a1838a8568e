/**
 * Who is looking: the token. It arrives in the fragment of the address (#token=…), which browsers send to nobody, and
 * leaves the address bar at once. It is kept for this tab only, and forgotten when the control plane refuses it.
 */
import { useCallback, useEffect, useState } from "react";

const storageKey = "dimmer.token";

export interface Session {
  readonly token: string | undefined;
  /** Whether the control plane refused the token this tab had last. */
  readonly wasRefused: boolean;
  readonly signIn: (token: string) => void;
  readonly refuse: () => void;
}

/** The session of this tab. Follows a link with a new token that is opened in the same tab. */
export function useSession(): Session {
  const [token, setToken] = useState<string | undefined>(() => takeFromAddress() ?? readStored());
  const [wasRefused, setWasRefused] = useState(false);

  const signIn = useCallback((next: string) => {
    store(next);
    setWasRefused(false);
    setToken(next);
  }, []);
  const refuse = useCallback(() => {
    store(undefined);
    setWasRefused(true);
    setToken(undefined);
  }, []);

  useEffect(() => {
    const onHashChange = (): void => {
      const next = takeFromAddress();
      if (next !== undefined) signIn(next);
    };
    window.addEventListener("hashchange", onHashChange);
    return () => window.removeEventListener("hashchange", onHashChange);
  }, [signIn]);

  return { token, wasRefused, signIn, refuse };
}

function takeFromAddress(): string | undefined {
  const token = new URLSearchParams(location.hash.slice(1)).get("token")?.trim();
  if (token === undefined || token === "") return undefined;
  history.replaceState(null, "", location.pathname + location.search);
  store(token);
  return token;
}

// A browser may forbid storage; the token then lasts until the page is reloaded.
function store(token: string | undefined): void {
  try {
    if (token === undefined) sessionStorage.removeItem(storageKey);
    else sessionStorage.setItem(storageKey, token);
  } catch {
    return;
  }
}

function readStored(): string | undefined {
  try {
    return sessionStorage.getItem(storageKey) ?? undefined;
  } catch {
    return undefined;
  }
}
