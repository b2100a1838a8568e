/** All flags of the environment: what each serves, why it may not, and its switch. */
import { Button, Skeleton, TextInput } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import type { EnvironmentStatus, FlagView } from "@dimmer/spec";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { ReactElement } from "react";
import { useControlPlane } from "../live/control-plane.ts";
import { queryKeys } from "../live/query-keys.ts";
import { Dialog } from "../ui/dialog.tsx";
import { SearchIcon } from "../ui/icons.tsx";
import { EmptyNote, Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { ChangeFlag } from "./change-flag.tsx";
import type { FlagChange } from "./flag-effect.ts";
import { FlagRow } from "./flag-row.tsx";
import "./flags.css";

/** The change being asked about; without one, the dialog asks for it first. */
interface Asking {
  readonly key: string;
  readonly change: FlagChange | undefined;
}

export function FlagPanel({ status }: { status: EnvironmentStatus }): ReactElement {
  const { client, environment } = useControlPlane();
  const flags = useQuery({
    queryKey: queryKeys.flags(environment),
    queryFn: ({ signal }) => client.listFlags({ params: { environment }, signal }),
  });
  const [search, setSearch] = useState("");
  const [asking, setAsking] = useState<Asking>();
  const searchInput = useRef<HTMLInputElement>(null);
  useHotkeys([["/", () => searchInput.current?.focus()]]);

  const all = flags.data ?? [];
  const shown = all.filter((view) => matches(view, search));
  const asked = all.find(({ key }) => key === asking?.key);
  const close = (): void => setAsking(undefined);
  return (
    <Panel
      name="flags"
      title="Flags"
      note={flags.isSuccess ? (search === "" ? all.length : `${shown.length} of ${all.length}`) : undefined}
      actions={
        <TextInput
          ref={searchInput}
          className="flag-search"
          size="xs"
          type="search"
          aria-label="Search flags"
          placeholder="Search  /"
          leftSection={<SearchIcon />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") setSearch("");
          }}
        />
      }
    >
      {flags.isPending && <Skeleton height={620} radius={0} />}
      {flags.isError && flags.data === undefined && (
        <div className="flag-problem">
          <Problem error={flags.error} />
          <Button variant="default" onClick={() => void flags.refetch()}>
            Try again
          </Button>
        </div>
      )}
      {flags.isSuccess && all.length === 0 && <EmptyNote title="This environment has no flags." />}
      {flags.isSuccess && all.length > 0 && shown.length === 0 && <EmptyNote title={`No flag matches “${search}”.`} />}
      <ul className="flag-list">
        {shown.map((view) => (
          <FlagRow
            key={view.key}
            view={view}
            rollouts={status.rollouts}
            onToggle={(value) => setAsking({ key: view.key, change: { type: "serve", value } })}
            onChange={() => setAsking({ key: view.key, change: undefined })}
          />
        ))}
      </ul>
      <Dialog title={asking?.key ?? "Flag"} isOpen={asked !== undefined} onClose={close}>
        {asked !== undefined && <ChangeFlag view={asked} initial={asking?.change} others={all} version={status.version} onClose={close} />}
      </Dialog>
    </Panel>
  );
}

/** Every word of the search is part of the key, the description or the owner, or names a state ("killed", "inert", "locked"). */
function matches(view: FlagView, search: string): boolean {
  const states = [view.killed && "killed", view.inert !== undefined && "inert", view.locked !== undefined && "locked"];
  const text = [view.key, view.definition.description, view.definition.owner, view.exposure, ...states].join(" ").toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
