/** One flag: what it serves, what else decides that, and the way to change it. */
import { Switch } from "@mantine/core";
import type { FlagView, Rollout } from "@dimmer/spec";
import { memo } from "react";
import type { NamedExoticComponent, ReactElement } from "react";
import { readOnlyFlag, useRefusal } from "../live/read-only.ts";
import { ActionButton } from "../ui/action-button.tsx";
import type { FlagChange } from "./flag-effect.ts";

interface FlagRowProps {
  readonly view: FlagView;
  /** The rollout that owns its exposure, as far as it is known. */
  readonly owner: Rollout | undefined;
  /** Asks about a change; without one, about which. The same function at every drawing, so that rows stay as they are. */
  readonly onAsk: (key: string, change: FlagChange | undefined) => void;
}

export const FlagRow: NamedExoticComponent<FlagRowProps> = memo(function FlagRow({ view, owner, onAsk }) {
  const { key, definition, exposure } = view;
  const refusal = useRefusal();
  const isBoolean = Object.values(definition.variants).every((value) => typeof value === "boolean");
  const fixedBecause =
    view.locked ?? (view.ownedBy === undefined ? undefined : "Its rollout owns its exposure: step in there.");
  const changeRefused = fixedBecause ?? refusal;
  // The way out of the mode is the one change the mode takes.
  const toggleRefused = key === readOnlyFlag && isLit(view) ? fixedBecause : changeRefused;
  return (
    <li className={view.killed ? "flag flag-killed" : "flag"}>
      <div className="flag-name">
        <code className="flag-key">{key}</code>
        {definition.description !== undefined && <span className="flag-description">{definition.description}</span>}
      </div>
      <div className="flag-states">
        <States view={view} owner={owner} />
      </div>
      <div className={`flag-exposure ${lightOf(view)}`}>
        <span className="lamp" aria-hidden="true" />
        {exposure}
      </div>
      <div className="flag-control">
        <ActionButton
          variant="subtle"
          color="gray"
          refusedBecause={changeRefused}
          onClick={() => onAsk(key, undefined)}
          aria-label={`Change ${key}`}
        >
          Change…
        </ActionButton>
        {isBoolean ? (
          <Switch
            checked={isLit(view)}
            disabled={toggleRefused !== undefined}
            aria-label={key}
            {...(toggleRefused === undefined ? {} : { wrapperProps: { "data-why": toggleRefused } })}
            // The answer comes from the control plane: the switch moves when the flag has.
            onChange={(event) => onAsk(key, { type: "serve", value: event.currentTarget.checked })}
          />
        ) : (
          <span className="flag-no-switch" />
        )}
      </div>
    </li>
  );
});

function States({ view, owner }: { view: FlagView; owner: Rollout | undefined }): ReactElement {
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
