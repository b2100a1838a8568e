/**
 * The two ways to kill, always in view and one key press from anywhere, fields included: one thing, or everything. They
 * work whatever state the environment is in, and before that state was read.
 */
import { useHotkeys } from "@mantine/hooks";
import type { EnvironmentStatus } from "@dimmer/spec";
import { useState } from "react";
import type { ReactElement } from "react";
import { useNow } from "../live/use-now.ts";
import { ActionButton } from "../ui/action-button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { PowerIcon } from "../ui/icons.tsx";
import { AddKill } from "./add-kill.tsx";
import { isInForce } from "./in-force.ts";
import { KillEverything } from "./kill-everything.tsx";

type Asking = "one" | "everything";

/** Ctrl on a keyboard without ⌘. */
const modifier = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl ";

export function KillButtons({ status }: { status: EnvironmentStatus | undefined }): ReactElement {
  const [asking, setAsking] = useState<Asking>();
  const nowMs = useNow();
  const ask = (what: Asking): void => {
    // Never over another question: two dialogs are one too many to read.
    if (document.querySelector('[role="dialog"]') === null) setAsking(what);
  };
  useHotkeys(
    [
      ["mod+K", () => ask("one")],
      ["mod+shift+K", () => ask("everything")],
    ],
    [],
    true,
  );
  const isEverythingKilled = (status?.activeKills ?? []).some((kill) => kill.scope === "all" && isInForce(kill, nowMs));
  const everything = isEverythingKilled ? "All AI egress is killed" : "Kill all AI egress";
  const replicas = status?.replicas ?? [];
  const close = (): void => setAsking(undefined);
  return (
    <div className="kill-buttons">
      <ActionButton
        color="red"
        variant="outline"
        aria-keyshortcuts="Control+K Meta+K"
        rightSection={<kbd aria-hidden="true">{modifier}K</kbd>}
        onClick={() => setAsking("one")}
      >
        Kill…
      </ActionButton>
      <ActionButton
        color="red"
        variant={isEverythingKilled ? "outline" : "filled"}
        {...(isEverythingKilled ? { className: "kill-done" } : {})}
        aria-keyshortcuts="Control+Shift+K Meta+Shift+K"
        leftSection={<PowerIcon />}
        rightSection={<kbd aria-hidden="true">{modifier}⇧K</kbd>}
        onClick={() => setAsking("everything")}
      >
        {everything}
      </ActionButton>
      <Dialog title="Kill" isOpen={asking === "one"} isDangerous onClose={close}>
        <AddKill replicas={replicas} onClose={close} />
      </Dialog>
      <Dialog title="Kill all AI egress" isOpen={asking === "everything"} isDangerous onClose={close}>
        <KillEverything replicas={replicas} isKilled={isEverythingKilled} onClose={close} />
      </Dialog>
    </div>
  );
}
