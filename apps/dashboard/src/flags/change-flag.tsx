/** Changes what one flag serves: the choice, its exact effect, and afterwards the command that undoes it. */
import { NativeSelect, TextInput } from "@mantine/core";
import type { FlagValue, FlagView } from "@dimmer/spec";
import { useState } from "react";
import type { ReactElement } from "react";
import { useControlPlane } from "../live/control-plane.ts";
import { ConfirmForm } from "../ui/confirm-form.tsx";
import { describeEffect, formatValue, onValue } from "./flag-effect.ts";
import type { FlagChange } from "./flag-effect.ts";

interface ChangeFlagProps {
  readonly view: FlagView;
  /** The change to ask about; undefined asks which. */
  readonly initial: FlagChange | undefined;
  readonly others: readonly FlagView[];
  /** The flag set that is shown: the change lands on no other. */
  readonly version: number;
  readonly onClose: () => void;
}

const byPercentage = "percentage";

export function ChangeFlag({ view, initial, others, version, onClose }: ChangeFlagProps): ReactElement {
  const { client, environment } = useControlPlane();
  const [change, setChange] = useState<FlagChange | undefined>(initial);
  // The flag under the dialog changes when the change lands; what was asked stays what was asked.
  const [before] = useState(view);
  const effect = change === undefined ? undefined : describeEffect(before, change, others);
  const apply = (reason: string): ReturnType<typeof client.applyChangeSet> => {
    const edits = change === undefined ? [] : [toEdit(view.key, change)];
    return client.applyChangeSet({ params: { environment }, body: { edits, reason, ifVersion: version } });
  };
  return (
    <ConfirmForm
      confirmLabel={change === undefined ? "Change" : labelOf(change)}
      blockedBecause={change === undefined ? "Choose what it serves." : undefined}
      focusOn={initial === undefined ? "children" : "reason"}
      onConfirm={apply}
      describe={({ changed, undo }) => ({
        title: changed.length === 0 ? `${view.key} was so already.` : `${view.key} serves ${effect?.to ?? ""}.`,
        undo,
      })}
      onClose={onClose}
    >
      {initial === undefined && <Choice view={before} change={change} onChange={setChange} />}
      <dl className="effect">
        <dt>Now</dt>
        <dd>{effect?.from ?? before.exposure}</dd>
        <dt>Then</dt>
        <dd>{effect === undefined ? "–" : <strong>{effect.to}</strong>}</dd>
      </dl>
      {effect?.notes.map((note) => (
        <p className="confirm-note" key={note}>
          {note}
        </p>
      ))}
    </ConfirmForm>
  );
}

interface ChoiceProps {
  readonly view: FlagView;
  readonly change: FlagChange | undefined;
  readonly onChange: (change: FlagChange | undefined) => void;
}

function Choice({ view, change, onChange }: ChoiceProps): ReactElement {
  const variants = Object.entries(view.definition.variants);
  const canExpose = onValue(view) !== undefined;
  const selected =
    change === undefined ? "" : change.type === "expose" ? byPercentage : (nameOfVariant(view, change.value) ?? "");
  const select = (name: string): void => {
    const value = view.definition.variants[name];
    if (name === byPercentage) onChange({ type: "expose", percentage: sharedPercentage(view) });
    else onChange(value === undefined ? undefined : { type: "serve", value });
  };
  return (
    <div className="flag-choice">
      <NativeSelect
        label="Serve"
        data-autofocus
        value={selected}
        onChange={(event) => select(event.currentTarget.value)}
      >
        <option value="">Choose…</option>
        {variants.map(([name, value]) => (
          <option key={name} value={name}>
            {formatValue(value)} to everyone
          </option>
        ))}
        {canExpose && <option value={byPercentage}>a share of users</option>}
      </NativeSelect>
      {change?.type === "expose" && (
        <TextInput
          label="Share in %"
          type="number"
          required
          withAsterisk={false}
          min={0}
          max={100}
          step={0.001}
          defaultValue={change.percentage}
          onChange={(event) => onChange({ type: "expose", percentage: event.currentTarget.valueAsNumber || 0 })}
        />
      )}
    </div>
  );
}

function toEdit(flag: string, change: FlagChange) {
  return change.type === "serve"
    ? ({ type: "serve", flag, value: change.value } as const)
    : ({ type: "expose", flag, strategy: { type: "percentage", percentage: change.percentage } } as const);
}

function labelOf(change: FlagChange): string {
  if (change.type === "expose") return `Expose to ${change.percentage} %`;
  if (change.value === true) return "Turn on";
  return change.value === false ? "Turn off" : `Serve ${formatValue(change.value)}`;
}

function nameOfVariant({ definition }: FlagView, value: FlagValue): string | undefined {
  return Object.entries(definition.variants).find(([, candidate]) => candidate === value)?.[0];
}

/** The share it is exposed to now. */
function sharedPercentage({ definition }: FlagView): number {
  return definition.strategy?.type === "percentage" ? definition.strategy.percentage : 0;
}
