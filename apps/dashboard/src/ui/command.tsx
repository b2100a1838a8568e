/** A command to be copied to a terminal. */
import { UnstyledButton } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import type { ReactElement } from "react";
import { CheckIcon, CopyIcon } from "./icons.tsx";
import "./command.css";

export function Command({ text, label = "Copy the command" }: { text: string; label?: string }): ReactElement {
  const clipboard = useClipboard({ timeout: 1500 });
  return (
    <span className="command">
      <code>{text}</code>
      <UnstyledButton className="command-copy" onClick={() => clipboard.copy(text)} aria-label={`${label}: ${text}`}>
        {clipboard.copied ? <CheckIcon /> : <CopyIcon />}
      </UnstyledButton>
      <output className="visually-hidden">{clipboard.copied ? "Copied" : ""}</output>
    </span>
  );
}
