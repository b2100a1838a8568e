/**
 * Asks before a change: its exact effect, a reason, one button that names what it does. Afterwards it shows what was
 * done and the command that undoes it. One Enter too many never confirms: the focus starts in the reason, and Enter
 * there confirms only when something was written.
 */
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { SubmitEvent, KeyboardEvent, ReactElement, ReactNode } from "react";
import { Command } from "./command.tsx";
import { CheckIcon } from "./icons.tsx";
import { Problem } from "./problem.tsx";
import { useFocusOnMount } from "./use-focus-on-mount.ts";

/** What is said when the change is made. */
export interface Outcome {
  readonly title: string;
  /** Facts of it: how many replicas, durable or not. */
  readonly details?: ReactNode;
  readonly undo: string | undefined;
}

interface ConfirmFormProps<Result> {
  readonly confirmLabel: string;
  readonly isDangerous?: boolean;
  /** Why it cannot be confirmed as it stands; undefined when it can. */
  readonly blockedBecause?: string | undefined;
  /** What will happen, exactly. */
  readonly children: ReactNode;
  /**
   * Where the focus starts. A form with a field of its own that comes first says `children`; one that must be done with
   * one more key press says `confirm`. @defaultValue reason
   */
  readonly focusOn?: "reason" | "children" | "confirm";
  /** What else can be done when it fails. */
  readonly otherwise?: ReactNode;
  readonly onConfirm: (reason: string) => Promise<Result>;
  readonly describe: (result: Result) => Outcome;
  readonly onFailed?: (error: Error) => void;
  readonly onClose: () => void;
}

export function ConfirmForm<Result>(props: ConfirmFormProps<Result>): ReactElement {
  const { focusOn = "reason" } = props;
  const [reason, setReason] = useState("");
  const confirmButton = useRef<HTMLButtonElement>(null);
  const change = useMutation({
    mutationFn: props.onConfirm,
    ...(props.onFailed === undefined ? {} : { onError: props.onFailed }),
  });

  if (change.isSuccess) return <Done outcome={props.describe(change.data)} onClose={props.onClose} />;

  const isBlocked = props.blockedBecause !== undefined;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!isBlocked && !change.isPending) change.mutate(reason.trim());
  };
  const stopHastyEnter = (event: KeyboardEvent): void => {
    if (event.key !== "Enter") return;
    if (!event.repeat && reason.trim() !== "") return;
    event.preventDefault();
    if (!event.repeat) confirmButton.current?.focus();
  };
  return (
    <form className="confirm" onSubmit={submit}>
      <div className="confirm-effect">{props.children}</div>
      <TextInput
        label="Reason"
        description="Goes into the audit log"
        maxLength={1024}
        autoComplete="off"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        onKeyDown={stopHastyEnter}
        {...(focusOn === "reason" ? { "data-autofocus": true } : {})}
      />
      {change.isError && <Problem error={change.error} />}
      {change.isError && props.otherwise}
      <div className="confirm-buttons">
        {isBlocked && <span className="confirm-hint">{props.blockedBecause}</span>}
        <Button variant="default" size="sm" onClick={props.onClose}>
          Cancel
        </Button>
        <Button
          ref={confirmButton}
          type="submit"
          // A key that is held down is not a decision.
          onKeyDown={(event) => {
            if (event.repeat) event.preventDefault();
          }}
          size="sm"
          loading={change.isPending}
          disabled={isBlocked}
          {...(focusOn === "confirm" ? { "data-autofocus": true } : {})}
          {...(props.isDangerous === true ? { color: "red" } : {})}
        >
          {props.confirmLabel}
        </Button>
      </div>
    </form>
  );
}

function Done({ outcome, onClose }: { outcome: Outcome; onClose: () => void }): ReactElement {
  const closeButton = useFocusOnMount<HTMLButtonElement>();
  return (
    <div className="confirm">
      <output className="done">
        <p className="done-title">
          <CheckIcon />
          {outcome.title}
        </p>
        {outcome.details}
        {outcome.undo !== undefined && (
          <div className="done-undo">
            Undo: <Command text={outcome.undo} label="Copy the command that undoes it" />
          </div>
        )}
      </output>
      <div className="confirm-buttons">
        {/* Takes the focus over from the button that confirmed, which is gone. */}
        <Button size="sm" variant="default" onClick={onClose} ref={closeButton}>
          Close
        </Button>
      </div>
    </div>
  );
}
