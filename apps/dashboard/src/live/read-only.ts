/**
 * Read-only mode: what the control plane would refuse, the page does not offer. The rule is the server's
 * (apps/server/src/status/read-only-mode.ts): what makes things safer goes on, which is to kill, to roll back, to enter
 * the stage dark, and to leave the mode. Everything else is refused, a revive included.
 */
import { createContext, useContext } from "react";

/** The flag that is the mode. */
export const readOnlyFlag = "read_only_mode";

/** Whether the environment is in the mode. */
export const ReadOnlyContext = createContext(false);

/** Why a change would be refused now, to be said on its control; undefined when it would not be. */
export function useRefusal(): string | undefined {
  return useContext(ReadOnlyContext)
    ? "Refused in read-only mode. Leave the mode first: the button is at the top."
    : undefined;
}
