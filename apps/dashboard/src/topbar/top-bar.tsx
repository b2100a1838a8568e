/** What has to be known before anything else is read: where, which version, how fresh. And the way to stop everything. */
import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { EnvironmentStatus } from "@dimmer/spec";
import type { ReactElement } from "react";
import { Logo } from "../brand/logo.tsx";
import { KillButtons } from "../kills/kill-buttons.tsx";
import type { Connection } from "../live/connection.ts";
import { useControlPlane } from "../live/control-plane.ts";
import { queryKeys } from "../live/query-keys.ts";
import { ConnectionState } from "./connection-state.tsx";
import { Version } from "./version.tsx";
import "./top-bar.css";

interface TopBarProps {
  /** Absent until it was read once. */
  readonly status: EnvironmentStatus | undefined;
  readonly connection: Connection;
}

export function TopBar({ status, connection }: TopBarProps): ReactElement {
  return (
    <header className="top-bar">
      <h1 className="top-bar-brand">
        <Logo />
        <span>Dimmer</span>
      </h1>
      <EnvironmentName />
      {status !== undefined && <Version version={status.version} label="Flag set" />}
      <ConnectionState connection={connection} />
      <KillButtons status={status} />
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
