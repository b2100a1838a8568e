/** Tells screen readers what changed, politely; shows nothing. */
import type { EnvironmentStatus } from "@dimmer/spec";
import { useEffect, useRef, useState } from "react";
import type { ReactElement } from "react";
import type { Connection } from "./connection.ts";
import { describeChanges } from "./describe-changes.ts";

export function Announcer({
  status,
  connection,
}: {
  status: EnvironmentStatus;
  connection: Connection["type"];
}): ReactElement {
  const [text, setText] = useState("");
  const lastStatus = useRef(status);
  const lastConnection = useRef(connection);

  useEffect(() => {
    const sentences = describeChanges(lastStatus.current, status);
    if (lastConnection.current === "live" && connection === "lost")
      sentences.push("Connection to the control plane lost.");
    if (lastConnection.current === "lost" && connection === "live")
      sentences.push("Connected to the control plane again.");
    lastStatus.current = status;
    lastConnection.current = connection;
    if (sentences.length > 0) setText(sentences.join(" "));
  }, [status, connection]);

  return (
    <div aria-live="polite" role="log" className="visually-hidden">
      {text}
    </div>
  );
}
