/** What is killed now, and the ways to kill and revive. */
import type { Kill, Replica } from "@dimmer/spec";
import { useState } from "react";
import type { ReactElement } from "react";
import { useRefusal } from "../live/read-only.ts";
import { ActionButton } from "../ui/action-button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { EmptyNote, Panel } from "../ui/panel.tsx";
import { formatAge, formatClock, formatDuration } from "../ui/time-format.ts";
import { useNow } from "../live/use-now.ts";
import { isInForce } from "./in-force.ts";
import { nameOfKill } from "./kill-name.ts";
import { KillReason } from "./kill-reason.tsx";
import { ReviveKill } from "./revive-kill.tsx";
import "./kills.css";

interface KillPanelProps {
  readonly kills: readonly Kill[];
  readonly replicas: readonly Replica[];
}

export function KillPanel({ kills, replicas }: KillPanelProps): ReactElement {
  const nowMs = useNow();
  const [reviving, setReviving] = useState<Kill>();
  const active = kills.filter((kill) => isInForce(kill, nowMs));
  return (
    <Panel
      name="kills"
      title="Kills"
      note={active.length === 0 ? undefined : <span className="chip chip-danger">{active.length} in force</span>}
    >
      {active.length === 0 ? (
        <EmptyNote title="Nothing is killed.">
          A kill beats every flag: it stops a provider, model, route, flag, tenant or tool without touching its
          configuration.
        </EmptyNote>
      ) : (
        <ul className="kill-list">
          {active.toSorted(byTimeNewestFirst).map((kill) => (
            <KillRow key={kill.id} kill={kill} nowMs={nowMs} onRevive={() => setReviving(kill)} />
          ))}
        </ul>
      )}
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
  const refusal = useRefusal();
  return (
    <li className="kill">
      <div className="kill-what">
        <span className="kill-scope">{kill.scope === "all" ? nameOfKill(kill) : kill.scope}</span>
        {kill.scope !== "all" && <code className="kill-target">{kill.target}</code>}
      </div>
      <ActionButton
        variant="default"
        className="kill-revive"
        refusedBecause={refusal}
        onClick={onRevive}
        aria-label={`Revive ${nameOfKill(kill)}`}
      >
        Revive…
      </ActionButton>
      <KillReason reason={kill.reason} />
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
