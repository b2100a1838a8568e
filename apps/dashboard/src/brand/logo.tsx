/** The mark: a dimmer dial, lit from its lower left up to where the knob points. */
import type { ReactElement } from "react";
import "./logo.css";

export function Logo({ size = 22 }: { size?: number }): ReactElement {
  return (
    <svg
      className="logo"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      aria-hidden="true"
      focusable="false"
    >
      <path className="logo-unlit" d="M19.35 5.83A9.6 9.6 0 0 1 18.79 18.79" strokeWidth="2.4" strokeLinecap="round" />
      <path className="logo-lit" d="M5.21 18.79A9.6 9.6 0 0 1 16.8 3.69" strokeWidth="2.4" strokeLinecap="round" />
      <circle className="logo-knob" cx="12" cy="12" r="5.7" />
      <path className="logo-notch" d="M13 10.27 14.3 8.02" strokeWidth="1.9" strokeLinecap="round" />
    </svg>
  );
}
