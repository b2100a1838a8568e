/** What has to be known before anything else is read: where, which version, how fresh. And the way to stop everything. */
import { Button, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { EnvironmentStatus } from "@dimmer/spec";
import { useState } from "react";
import type { ReactElement } from "react";
import { Logo } from "../brand/logo.tsx";
import { KillEverything } from "../kills/kill-everything.tsx";
import type { Connection } from "../live/connection.ts";
import { useControlPlane } from "../live/control-plane.ts";
import { queryKeys } from "../live/query-keys.ts";
import { Dialog } from "../ui/dialog.tsx";
import { AlertIcon, LockIcon, PowerIcon } from "../ui/icons.tsx";
import { ConnectionState } from "./connection-state.tsx";
import { Version } from "./version.tsx";
import "./top-bar.css";

interface TopBarProps {
  /** Absent until it was read once. */
  readonly status: EnvironmentStatus | undefined;
  readonly connection: Connection;
}

export function TopBar({ status, connection }: TopBarProps): ReactElement {
  const [isAsking, setIsAsking] = useState(false);
  const isEverythingKilled = status?.activeKills.some(({ scope }) => scope === "all") ?? false;
  return (
    <header className="top-bar">
      <h1 className="top-bar-brand">
        <Logo />
        <span>Dimmer</span>
      </h1>
      <EnvironmentName />
      {status !== undefined && <Version version={status.version} label="Flag set" />}
      <div className="top-bar-states">
        {status?.isReadOnly === true && (
          <span className="chip">
            <LockIcon /> Read-only
          </span>
        )}
        {status?.isStorageWritable === false && (
          <span className="chip chip-danger">
            <AlertIcon /> Cannot write to storage
          </span>
        )}
        <ConnectionState connection={connection} />
      </div>
      <Button
        className="top-bar-kill"
        color="red"
        variant={isEverythingKilled ? "filled" : "outline"}
        leftSection={<PowerIcon />}
        disabled={status === undefined || isEverythingKilled}
        onClick={() => setIsAsking(true)}
      >
        {isEverythingKilled ? "All AI egress is killed" : "Kill all AI egress"}
      </Button>
      <Dialog title="Kill all AI egress" isOpen={isAsking} isDangerous onClose={() => setIsAsking(false)}>
        <KillEverything replicas={status?.replicas ?? []} onClose={() => setIsAsking(false)} />
      </Dialog>
    </header>
  );
}

/** The environment's name; a choice when there are several. */
function EnvironmentName(): ReactElement {
  const { client, environment } = useControlPlane();
  const environments = useQuery({
    queryKey: queryKeys.environments,
    queryFn: ({ signal }) => client.listEnvironments({ signal }),
  });
  const names = environments.data?.map(({ name }) => name) ?? [];
  if (names.filter((name) => name !== environment).length === 0)
    return <span className="top-bar-environment">{environment}</span>;
  return (
    <NativeSelect
      className="top-bar-environment"
      aria-label="Environment"
      size="xs"
      value={environment}
      data={names.includes(environment) ? names : [environment, ...names]}
      onChange={(event) => location.assign(`?environment=${encodeURIComponent(event.currentTarget.value)}`)}
    />
  );
}
