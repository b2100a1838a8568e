/** An error as a person needs it: what happened, and what to do about it. */
import { DimmerError, errorTable } from "@dimmer/spec/errors";
import type { ReactElement } from "react";
import { AlertIcon } from "./icons.tsx";
import "./problem.css";

export function Problem({ error }: { error: unknown }): ReactElement {
  const { message, fix } = explain(error);
  return (
    <div className="problem" role="alert">
      <AlertIcon />
      <div>
        <p className="problem-message">{message}</p>
        <p className="problem-fix">{fix}</p>
      </div>
    </div>
  );
}

/** The message and the fix of anything thrown. */
export function explain(error: unknown): { message: string; fix: string } {
  const known = DimmerError.from(error);
  return { message: known.message, fix: errorTable[known.code].fix };
}
