/** A button that opens something. One that would be refused cannot be pressed, but is still reached, and says why. */
import { Button } from "@mantine/core";
import type { ButtonProps } from "@mantine/core";
import type { ReactElement } from "react";

interface ActionButtonProps extends ButtonProps {
  readonly "aria-label"?: string;
  readonly "aria-keyshortcuts"?: string;
  /** Why it would be refused; undefined when it would not. */
  readonly refusedBecause?: string | undefined;
  readonly onClick: () => void;
}

export function ActionButton({ refusedBecause, onClick, ...button }: ActionButtonProps): ReactElement {
  if (refusedBecause === undefined) return <Button {...button} onClick={onClick} />;
  // Not `disabled`: that would take it out of the tab order, and its reason with it.
  return <Button {...button} aria-disabled data-disabled data-why={refusedBecause} aria-description={refusedBecause} />;
}
