/** The ladder of one process: a step for each of its stores, with its disk snapshot, and who may accept another set. */
import type { FaultList } from "../fault-list.ts";
import type { ResolvedOptions } from "../resolve-options.ts";
import type { StateDirectory } from "../state-directory.ts";
import type { CheckKeys } from "./compose-layers.ts";
import type { Acceptance } from "./judge-succession.ts";
import { LadderStep } from "./ladder-step.ts";
import { Ladder } from "./ladder.ts";
import type { LadderOptions } from "./ladder.ts";

export interface LadderParts extends Pick<LadderOptions, "onComposed" | "onStale"> {
  readonly disk: StateDirectory | undefined;
  readonly faults: FaultList;
  /** A store was heard of, or has failed. */
  readonly onHeard: () => void;
}

/** Throws `flag_set_invalid` for faulty definitions. */
export function createLadder(options: ResolvedOptions, parts: LadderParts): Ladder {
  const { disk, faults, onComposed, onStale, onHeard } = parts;
  const acceptance = acceptanceOf(options.acceptSetId, disk);
  const steps = options.stores.map(
    (store) =>
      new LadderStep({
        ...options,
        store,
        snapshot: disk?.snapshotOf(store.name),
        faults,
        acceptance,
        onCandidate: () => ladder.recompose(),
        onHeard: () => {
          ladder.noteStaleness();
          onHeard();
        },
      }),
  );
  const { definitions, clock, overrides } = options;
  const ladder: Ladder = new Ladder({
    steps,
    definitions,
    checkKeys: checkKeysOf(overrides),
    clock,
    onComposed,
    onStale,
  });
  return ladder;
}

function acceptanceOf(acceptSetId: string | undefined, disk: StateDirectory | undefined): Acceptance {
  return {
    isAccepted: (setId) => setId === acceptSetId || setId === disk?.acceptedSetId(),
    howToAccept: (setId) =>
      `To follow the new set, ${disk === undefined ? "" : `write ${setId} into ${disk.acceptPath}, or `}start this process with acceptSetId '${setId}'.`,
  };
}

/** Overrides that come from names may find two keys behind one name. */
function checkKeysOf(overrides: ResolvedOptions["overrides"]): CheckKeys {
  if (overrides === undefined || !("check" in overrides)) return () => [];
  return (keys) => overrides.check(keys).map(({ message, fix }) => ({ pointer: "/flags", message, fix }));
}
