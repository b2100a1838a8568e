/** The stage as a dimmer with four positions. */
import type { EnvironmentStatus, StageName } from "@dimmer/spec";
import { stageNames } from "@dimmer/spec/stages";
import { useState } from "react";
import type { ReactElement } from "react";
import { useRefusal } from "../live/read-only.ts";
import { ActionButton } from "../ui/action-button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { AlertIcon } from "../ui/icons.tsx";
import { Panel } from "../ui/panel.tsx";
import { formatAge, formatClock } from "../ui/time-format.ts";
import { useNow } from "../live/use-now.ts";
import { DimmerRail } from "./dimmer-rail.tsx";
import { EnterStage } from "./enter-stage.tsx";
import "./stage.css";

const captions: Readonly<Record<StageName, string>> = {
  dark: "deployed, nothing on",
  shadow: "v2 beside v1, unseen",
  canary: "a rollout turns v2 up",
  active: "v2 proven, all on",
};

export function StagePanel({ status }: { status: EnvironmentStatus }): ReactElement {
  const [entering, setEntering] = useState<StageName>();
  const refusal = useRefusal();
  const refusalOf = (name: StageName): string | undefined => (name === "dark" ? undefined : refusal);
  const { stage } = status;
  const current = stageNames.indexOf(stage.current);
  return (
    <Panel
      name="stage"
      title="Stage"
      note={
        <Drift
          flags={stage.drift}
          stage={stage.current}
          refusedBecause={refusalOf(stage.current)}
          onRestore={() => setEntering(stage.current)}
        />
      }
    >
      <div className="stage-dimmer">
        <DimmerRail position={current} />
        <ol className="stage-positions">
          {stageNames.map((name, index) => (
            <li
              key={name}
              className={`stage-position stage-${name}`}
              {...(index === current ? { "aria-current": "step" } : {})}
            >
              <span className="stage-name">{name}</span>
              <span className="stage-caption">{captions[name]}</span>
              {index === current ? (
                <Since at={stage.enteredAt} by={stage.enteredBy} />
              ) : (
                <ActionButton
                  variant={index === current + 1 ? "light" : "default"}
                  aria-label={`Enter ${name}`}
                  refusedBecause={refusalOf(name)}
                  onClick={() => setEntering(name)}
                >
                  Enter<span className="stage-button-name">&nbsp;{name}</span>
                </ActionButton>
              )}
            </li>
          ))}
        </ol>
      </div>
      <Dialog
        title={`Enter ${entering ?? "a stage"}`}
        isOpen={entering !== undefined}
        onClose={() => setEntering(undefined)}
      >
        {entering !== undefined && (
          <EnterStage target={entering} status={status} onClose={() => setEntering(undefined)} />
        )}
      </Dialog>
    </Panel>
  );
}

function Since({ at, by }: { at: string; by: string }): ReactElement {
  const nowMs = useNow();
  return (
    <span className="stage-since" title={formatClock(at, nowMs)}>
      {formatAge(nowMs - Date.parse(at))} by {by}
    </span>
  );
}

interface DriftProps {
  readonly flags: readonly string[];
  readonly stage: StageName;
  readonly refusedBecause: string | undefined;
  readonly onRestore: () => void;
}

/** So many drifted flags are named; the rest are counted. */
const namedDrift = 3;

function Drift({ flags, stage, refusedBecause, onRestore }: DriftProps): ReactElement {
  if (flags.length === 0) return <span>every flag serves what {stage} assigns</span>;
  return (
    <span className="stage-drift">
      <AlertIcon />
      <span>
        Drift: {flags.length === 1 ? "one flag no longer serves" : `${flags.length} flags no longer serve`} what {stage}{" "}
        assigns:{" "}
        {flags.slice(0, namedDrift).map((key, index) => (
          <span key={key}>
            {index > 0 && ", "}
            <code>{key}</code>
          </span>
        ))}
        {flags.length > namedDrift && <span title={flags.join("\n")}> and {flags.length - namedDrift} more</span>}
      </span>
      <ActionButton size="compact-xs" variant="default" refusedBecause={refusedBecause} onClick={onRestore}>
        Restore…
      </ActionButton>
    </span>
  );
}
