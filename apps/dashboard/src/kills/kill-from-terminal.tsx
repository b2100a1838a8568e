/** What to do when the control plane does not take a kill: a terminal can kill without it. */
import type { ReactElement } from "react";
import { Command } from "../ui/command.tsx";

/** `what` is as `dimmer kill` takes it: "all", "provider google". */
export function KillFromTerminal({ what }: { what: string }): ReactElement {
  return (
    <div className="kill-otherwise">
      <p>Take it as not killed. On a machine of the gateway, in the folder it runs in, this needs no control plane:</p>
      <Command text={`dimmer kill ${what} --local`} />
    </div>
  );
}
