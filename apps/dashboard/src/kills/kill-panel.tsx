/** What is killed now, and the ways to kill and revive. */
import { Button } from "@mantine/core";
import type { Kill, Replica } from "@dimmer/spec";
import { useState } from "react";
import type { ReactElement } from "react";
import { Dialog } from "../ui/dialog.tsx";
import { EmptyNote, Panel } from "../ui/panel.tsx";
import { formatAge, formatClock, formatDuration } from "../ui/time-format.ts";
import { useNow } from "../live/use-now.ts";
import { AddKill } from "./add-kill.tsx";
import { nameOfKill } from "./kill-name.ts";
import { ReviveKill } from "./revive-kill.tsx";
import "./kills.css";

interface KillPanelProps {
  readonly kills: readonly Kill[];
  readonly replicas: readonly Replica[];
}

export function KillPanel({ kills, replicas }: KillPanelProps): ReactElement {
  const nowMs = useNow();
  const [isAdding, setIsAdding] = useState(false);
  const [reviving, setReviving] = useState<Kill>();
  const active = kills.filter(({ expiresAt }) => expiresAt === undefined || Date.parse(expiresAt) > nowMs);
  return (
    <Panel
      name="kills"
      title="Kills"
      note={active.length === 0 ? undefined : <span className="chip chip-danger">{active.length} in force</span>}
      actions={
        <Button variant="default" onClick={() => setIsAdding(true)}>
          Kill…
        </Button>
      }
    >
      {active.length === 0 ? (
        <EmptyNote title="Nothing is killed.">
          A kill beats every flag. Stop a provider, model, route, flag, tenant or tool without touching its
          configuration.
        </EmptyNote>
      ) : (
        <ul className="kill-list">
          {active.toSorted(byTimeNewestFirst).map((kill) => (
            <KillRow key={kill.id} kill={kill} nowMs={nowMs} onRevive={() => setReviving(kill)} />
          ))}
        </ul>
      )}
      <Dialog title="Kill" isOpen={isAdding} isDangerous onClose={() => setIsAdding(false)}>
        <AddKill replicas={replicas} onClose={() => setIsAdding(false)} />
      </Dialog>
      <Dialog
        title={reviving === undefined ? "Revive" : `Revive ${nameOfKill(reviving)}`}
        isOpen={reviving !== undefined}
        onClose={() => setReviving(undefined)}
      >
        {reviving !== undefined && (
          <ReviveKill kill={reviving} replicas={replicas} onClose={() => setReviving(undefined)} />
        )}
      </Dialog>
    </Panel>
  );
}

function KillRow({ kill, nowMs, onRevive }: { kill: Kill; nowMs: number; onRevive: () => void }): ReactElement {
  return (
    <li className="kill">
      <div className="kill-what">
        <span className="kill-scope">{kill.scope === "all" ? nameOfKill(kill) : kill.scope}</span>
        {kill.scope !== "all" && <code className="kill-target">{kill.target}</code>}
      </div>
      <Button variant="default" className="kill-revive" onClick={onRevive} aria-label={`Revive ${nameOfKill(kill)}`}>
        Revive…
      </Button>
      <p className="kill-why">{kill.reason === "" ? <span className="faint">no reason given</span> : kill.reason}</p>
      <p className="kill-facts">
        <span>by {kill.by}</span>
        <time dateTime={kill.at} title={formatClock(kill.at, nowMs)}>
          {formatAge(nowMs - Date.parse(kill.at))}
        </time>
        <span>
          {kill.expiresAt === undefined
            ? "until revived"
            : `ends in ${formatDuration(Date.parse(kill.expiresAt) - nowMs)}`}
        </span>
      </p>
    </li>
  );
}

function byTimeNewestFirst(a: Kill, b: Kill): number {
  return Date.parse(b.at) - Date.parse(a.at);
}
