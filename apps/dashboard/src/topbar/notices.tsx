/** What holds for the whole environment and keeps changes from landing, said once, with the way out of it. */
import { Button } from "@mantine/core";
import type { EnvironmentStatus } from "@dimmer/spec";
import { useState } from "react";
import type { ReactElement } from "react";
import { useControlPlane } from "../live/control-plane.ts";
import { readOnlyFlag } from "../live/read-only.ts";
import { ConfirmForm } from "../ui/confirm-form.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { AlertIcon, LockIcon } from "../ui/icons.tsx";
import "./notices.css";

export function Notices({ status }: { status: EnvironmentStatus }): ReactElement | null {
  const [isLeaving, setIsLeaving] = useState(false);
  const { isReadOnly, isStorageWritable } = status;
  return (
    <>
      {(isReadOnly || !isStorageWritable) && (
        <section className="notices" aria-label="Changes are refused">
          {isReadOnly && (
            <div className="notice">
              <LockIcon />
              <p>
                <strong>Read-only.</strong> The control plane refuses changes, and rollouts hold their step. What makes
                things safer still works: kill, roll back, enter dark.
              </p>
              <Button variant="default" onClick={() => setIsLeaving(true)}>
                Leave read-only…
              </Button>
            </div>
          )}
          {!isStorageWritable && (
            <div className="notice notice-danger">
              <AlertIcon />
              <p>
                <strong>Cannot write to its storage.</strong> Changes fail and rollouts hold their step until there is
                room again; nothing has to be restarted. A kill acts at once, but is not on disk.
              </p>
            </div>
          )}
        </section>
      )}
      <Dialog title="Leave read-only mode" isOpen={isLeaving} onClose={() => setIsLeaving(false)}>
        <LeaveReadOnly onClose={() => setIsLeaving(false)} />
      </Dialog>
    </>
  );
}

function LeaveReadOnly({ onClose }: { onClose: () => void }): ReactElement {
  const { client, environment } = useControlPlane();
  return (
    <ConfirmForm
      confirmLabel="Leave read-only mode"
      onConfirm={(reason) =>
        client.applyChangeSet({
          params: { environment },
          body: { edits: [{ type: "serve", flag: readOnlyFlag, value: false }], reason },
        })
      }
      describe={({ undo }) => ({ title: `${environment} takes changes again.`, undo })}
      onClose={onClose}
    >
      <p>
        The flag <code>{readOnlyFlag}</code> serves false from now on: everybody with a token that may change{" "}
        <strong>{environment}</strong> can do so, and running rollouts go on with their steps.
      </p>
    </ConfirmForm>
  );
}
