/** All flags of the environment: what each serves, why it may not, and its switch. */
import { Button, Skeleton, TextInput } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import type { EnvironmentStatus, FlagView } from "@dimmer/spec";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";
import type { ReactElement } from "react";
import { useControlPlane } from "../live/control-plane.ts";
import { queryKeys } from "../live/query-keys.ts";
import { Dialog } from "../ui/dialog.tsx";
import { SearchIcon } from "../ui/icons.tsx";
import { EmptyNote, Panel } from "../ui/panel.tsx";
import { formatCount } from "../ui/number-format.ts";
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

/** So many rows are drawn at first, and with every step: a page stays fluid however many flags there are. */
const pageLength = 100;
const noFlags: readonly FlagView[] = [];

export function FlagPanel({ status }: { status: EnvironmentStatus }): ReactElement {
  const { client, environment } = useControlPlane();
  const flags = useQuery({
    queryKey: queryKeys.flags(environment),
    queryFn: ({ signal }) => client.listFlags({ params: { environment }, signal }),
  });
  const [search, setSearch] = useState("");
  const [shownCount, setShownCount] = useState(pageLength);
  const [asking, setAsking] = useState<Asking>();

  const all = flags.data ?? noFlags;
  const found = useMemo(() => all.filter((view) => matches(view, search)), [all, search]);
  const shown = found.slice(0, shownCount);
  const onSearch = (text: string): void => {
    setSearch(text);
    setShownCount(pageLength);
  };
  const onAsk = useCallback((key: string, change: FlagChange | undefined) => setAsking({ key, change }), []);
  const asked = all.find(({ key }) => key === asking?.key);
  const close = (): void => setAsking(undefined);
  return (
    <Panel
      name="flags"
      title="Flags"
      note={
        flags.isSuccess
          ? search === ""
            ? formatCount(all.length)
            : `${formatCount(found.length)} of ${formatCount(all.length)}`
          : undefined
      }
      actions={<FlagSearch value={search} onChange={onSearch} />}
    >
      {flags.data === undefined && <Missing error={flags.error} onRetry={() => void flags.refetch()} />}
      {flags.isSuccess && found.length === 0 && (
        <EmptyNote title={all.length === 0 ? "This environment has no flags." : `No flag matches “${search}”.`} />
      )}
      <ul className="flag-list">
        {shown.map((view) => (
          <FlagRow
            key={view.key}
            view={view}
            owner={view.ownedBy === undefined ? undefined : status.rollouts.find(({ id }) => id === view.ownedBy)}
            onAsk={onAsk}
          />
        ))}
      </ul>
      {found.length > shown.length && (
        <div className="flag-more">
          <Button variant="default" onClick={() => setShownCount(shown.length + pageLength)}>
            Show {Math.min(pageLength, found.length - shown.length)} more
          </Button>
          <span>
            {formatCount(shown.length)} of {formatCount(found.length)} shown; the search looks through all of them
          </span>
        </div>
      )}
      <Dialog title={asking?.key ?? "Flag"} isOpen={asked !== undefined} onClose={close}>
        {asked !== undefined && (
          <ChangeFlag view={asked} initial={asking?.change} others={all} version={status.version} onClose={close} />
        )}
      </Dialog>
    </Panel>
  );
}

/** The field that "/" leads to from anywhere. */
function FlagSearch({ value, onChange }: { value: string; onChange: (value: string) => void }): ReactElement {
  const input = useRef<HTMLInputElement>(null);
  useHotkeys([["/", () => input.current?.focus()]]);
  return (
    <TextInput
      ref={input}
      className="flag-search"
      size="xs"
      type="search"
      aria-label="Search flags"
      placeholder="Search  /"
      leftSection={<SearchIcon />}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape") onChange("");
      }}
    />
  );
}

function Missing({ error, onRetry }: { error: Error | null; onRetry: () => void }): ReactElement {
  if (error === null) return <Skeleton height={620} radius={0} />;
  return (
    <div className="flag-problem">
      <Problem error={error} />
      <Button variant="default" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}

/** Every word of the search is part of the key, the description or the owner, or names a state ("killed", "inert", "locked"). */
function matches(view: FlagView, search: string): boolean {
  const states = [view.killed && "killed", view.inert !== undefined && "inert", view.locked !== undefined && "locked"];
  const text = [view.key, view.definition.description, view.definition.owner, view.exposure, ...states]
    .join(" ")
    .toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
