/** A version: sixteen digits of which only the last ones ever differ on a screen. */
import type { ReactElement } from "react";

const significantDigits = 7;

export function Version({ version, label }: { version: number; label: string }): ReactElement {
  const digits = String(version);
  const cut = Math.max(0, digits.length - significantDigits);
  return (
    <span className="version" title={`${label} version ${digits}`}>
      <span className="visually-hidden">{label} version </span>
      <span className="version-head">{digits.slice(0, cut)}</span>
      {digits.slice(cut)}
    </span>
  );
}
