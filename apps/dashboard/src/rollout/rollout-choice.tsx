/** Which attempt is looked at, when there are several: one field, however many there were. */
import { NativeSelect } from "@mantine/core";
import type { Rollout } from "@dimmer/spec";
import type { ReactElement } from "react";
import { isUnfinished } from "./rollout-progress.ts";
import { statusWords } from "./status-words.ts";

interface RolloutChoiceProps {
  readonly rollouts: readonly Rollout[];
  /** Attempts that were followed by another one of their flag. */
  readonly earlier: readonly Rollout[];
  /** What else is to be said of them. */
  readonly note: string | undefined;
  readonly chosen: Rollout;
  readonly onChoose: (id: string) => void;
}

export function RolloutChoice({ rollouts, earlier, note, chosen, onChoose }: RolloutChoiceProps): ReactElement {
  const unfinished = rollouts.filter(isUnfinished);
  const finished = rollouts.filter((rollout) => !isUnfinished(rollout));
  const groups = [
    { group: "Unfinished", items: unfinished.map(toItem) },
    { group: "Latest finished of each flag", items: finished.map(toItem) },
    { group: "Earlier attempts", items: earlier.map(toItem) },
  ];
  return (
    <div className="rollout-choice">
      <NativeSelect
        size="xs"
        aria-label="Which rollout"
        data={groups.filter(({ items }) => items.length > 0)}
        value={chosen.id}
        onChange={(event) => onChoose(event.currentTarget.value)}
      />
      <span>
        {unfinished.length} unfinished, {finished.length + earlier.length} finished{note !== undefined && `; ${note}`}
      </span>
    </div>
  );
}

function toItem({ id, flag, attempt, status }: Rollout): { value: string; label: string } {
  return { value: id, label: `${flag}, attempt ${attempt}: ${statusWords[status]}` };
}
