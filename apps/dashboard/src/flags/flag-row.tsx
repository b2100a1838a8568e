/** One flag: what it serves, what else decides that, and the way to change it. */
import { Button, Switch } from "@mantine/core";
import type { FlagView, Rollout } from "@dimmer/spec";
import type { ReactElement } from "react";

interface FlagRowProps {
  readonly view: FlagView;
  readonly rollouts: readonly Rollout[];
  readonly onToggle: (value: boolean) => void;
  readonly onChange: () => void;
}

export function FlagRow({ view, rollouts, onToggle, onChange }: FlagRowProps): ReactElement {
  const { key, definition, exposure } = view;
  const isFixed = view.locked !== undefined || view.ownedBy !== undefined;
  const isBoolean = Object.values(definition.variants).every((value) => typeof value === "boolean");
  return (
    <li className={view.killed ? "flag flag-killed" : "flag"}>
      <div className="flag-name">
        <code className="flag-key">{key}</code>
        {definition.description !== undefined && <span className="flag-description">{definition.description}</span>}
      </div>
      <div className="flag-states">
        <States view={view} rollouts={rollouts} />
      </div>
      <div className={`flag-exposure ${lightOf(view)}`}>
        <span className="lamp" aria-hidden="true" />
        {exposure}
      </div>
      <div className="flag-control">
        <Button variant="subtle" color="gray" disabled={isFixed} onClick={onChange} aria-label={`Change ${key}`}>
          Change…
        </Button>
        {isBoolean ? (
          <Switch
            checked={isLit(view)}
            disabled={isFixed}
            aria-label={key}
            // The answer comes from the control plane: the switch moves when the flag has.
            onChange={(event) => onToggle(event.currentTarget.checked)}
          />
        ) : (
          <span className="flag-no-switch" />
        )}
      </div>
    </li>
  );
}

function States({ view, rollouts }: { view: FlagView; rollouts: readonly Rollout[] }): ReactElement {
  const owner = rollouts.find(({ id }) => id === view.ownedBy);
  return (
    <>
      {view.killed && (
        <State word="killed" kind="danger" reason={`serves its safe variant${safeOf(view)} until revived`} />
      )}
      {view.ownedBy !== undefined && (
        <State
          word="rollout"
          kind="accent"
          reason={
            owner === undefined ? "a rollout owns its exposure" : `owned by attempt ${owner.attempt} (${owner.status})`
          }
        />
      )}
      {view.locked !== undefined && <State word="locked" reason={view.locked} />}
      {view.inert !== undefined && <State word="inert" reason={view.inert} />}
    </>
  );
}

function State({ word, reason, kind }: { word: string; reason: string; kind?: "accent" | "danger" }): ReactElement {
  return (
    <span className="flag-state">
      <span className={`chip${kind === undefined ? "" : ` chip-${kind}`}`}>{word}</span>
      <span className="flag-reason">{reason}</span>
    </span>
  );
}

function safeOf({ definition }: FlagView): string {
  return definition.safeVariant === undefined ? "" : ` (${definition.safeVariant})`;
}

/** Whether it gives anybody light: served on, or in part. */
function isLit(view: FlagView): boolean {
  return lightOf(view) !== "flag-off";
}

function lightOf({ value, exposure, definition }: FlagView): "flag-on" | "flag-partly" | "flag-off" {
  if (value === undefined) return exposure === "off" || exposure.startsWith("0 %") ? "flag-off" : "flag-partly";
  if (definition.onVariants !== undefined) {
    return definition.onVariants.some((name) => definition.variants[name] === value) ? "flag-on" : "flag-off";
  }
  return value === false ? "flag-off" : "flag-on";
}
