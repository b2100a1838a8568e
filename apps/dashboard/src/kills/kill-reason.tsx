/** Why something was killed: a long reason is shown from its beginning, and as a whole on demand. */
import { UnstyledButton } from "@mantine/core";
import { useState } from "react";
import type { ReactElement } from "react";

/** About three lines. */
const shortLength = 150;

export function KillReason({ reason }: { reason: string }): ReactElement {
  const [isWhole, setIsWhole] = useState(false);
  if (reason === "") return <p className="kill-why faint">no reason given</p>;
  if (reason.length <= shortLength) return <p className="kill-why">{reason}</p>;
  return (
    <p className="kill-why">
      {isWhole ? reason : `${reason.slice(0, shortLength).trimEnd()}…`}{" "}
      <UnstyledButton className="kill-more" aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
        {isWhole ? "less" : "whole reason"}
      </UnstyledButton>
    </p>
  );
}
