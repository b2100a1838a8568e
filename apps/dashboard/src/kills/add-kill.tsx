/** Kills one target: what, for how long, why, and one red button that says it. */
import { Autocomplete, NativeSelect } from "@mantine/core";
import type { FlagView, KillScope, Replica } from "@dimmer/spec";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ReactElement } from "react";
import { useControlPlane } from "../live/control-plane.ts";
import { queryKeys } from "../live/query-keys.ts";
import { ConfirmForm } from "../ui/confirm-form.tsx";
import { effectOfKill, nameOfKill } from "./kill-name.ts";
import { KillFromTerminal } from "./kill-from-terminal.tsx";
import { KillOutcome } from "./kill-outcome.tsx";

/** `all` has a button of its own. */
const scopes = ["provider", "model", "route", "flag", "tenant", "tool"] as const satisfies readonly Exclude<
  KillScope,
  "all"
>[];
type TargetScope = (typeof scopes)[number];

const minuteMs = 60_000;
const durations = [
  { value: "", label: "until it is revived" },
  { value: String(15 * minuteMs), label: "for 15 minutes" },
  { value: String(60 * minuteMs), label: "for 1 hour" },
  { value: String(24 * 60 * minuteMs), label: "for 24 hours" },
];

export function AddKill({ replicas, onClose }: { replicas: readonly Replica[]; onClose: () => void }): ReactElement {
  const { client, clock, environment } = useControlPlane();
  const [scope, setScope] = useState<TargetScope>("provider");
  const [text, setText] = useState("");
  const [duration, setDuration] = useState("");
  const target = text.trim();
  const suggestions = useTargets(scope);
  const kill = { scope, target };
  const add = (reason: string): ReturnType<typeof client.addKill> => {
    return client.addKill({
      params: { environment },
      body: { ...kill, reason, ...expiryAfter(duration, clock.nowMs()) },
    });
  };
  return (
    <ConfirmForm
      confirmLabel={target === "" ? "Kill" : `Kill ${nameOfKill(kill)}`}
      isDangerous
      otherwise={<KillFromTerminal what={`${scope} ${target}`} />}
      focusOn="children"
      blockedBecause={target === "" ? "Name what to kill." : undefined}
      onConfirm={add}
      describe={(result) => ({
        title: `Killed ${nameOfKill(kill)}.`,
        details: <KillOutcome result={result} replicas={replicas} />,
        undo: result.undo,
      })}
      onClose={onClose}
    >
      <div className="kill-fields">
        <NativeSelect
          label="What"
          data={[...scopes]}
          value={scope}
          onChange={(event) => setScope(scopes.find((name) => name === event.currentTarget.value) ?? "provider")}
        />
        <Autocomplete
          label="Name"
          data-autofocus
          autoComplete="off"
          maxLength={256}
          openOnFocus={false}
          data={suggestions}
          limit={30}
          value={text}
          onChange={setText}
          // Enter chooses from the list, or leads to the button; it must not confirm the kill as well.
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            if (!event.repeat && event.currentTarget.getAttribute("aria-activedescendant") === null)
              event.currentTarget.form?.querySelector<HTMLElement>("[type=submit]")?.focus();
          }}
        />
        <NativeSelect
          label="How long"
          data={durations}
          value={duration}
          onChange={(event) => setDuration(event.currentTarget.value)}
        />
      </div>
      <p className="confirm-note" aria-live="polite">
        {target === ""
          ? "A kill beats every flag and override."
          : `From the moment an instance hears of it, ${effectOfKill(kill)}.`}
      </p>
    </ConfirmForm>
  );
}

/** When a kill of one of the `durations` ends. */
function expiryAfter(duration: string, nowMs: number): { expiresAt?: string } {
  return duration === "" ? {} : { expiresAt: new Date(nowMs + Number(duration)).toISOString() };
}

/** Names the page knows of: flags, and the providers that have one. Other names can be written all the same. */
function useTargets(scope: TargetScope): string[] {
  const { environment } = useControlPlane();
  const flags = useQueryClient().getQueryData<readonly FlagView[]>(queryKeys.flags(environment)) ?? [];
  if (scope === "flag") return flags.map(({ key }) => key);
  if (scope === "provider") return flags.flatMap(({ key }) => /^ai\.provider\.(.+)\.enabled$/.exec(key)?.[1] ?? []);
  return [];
}
