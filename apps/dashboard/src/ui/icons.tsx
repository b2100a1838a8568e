/** The page's few icons: 16 × 16, drawn with one stroke width, silent for screen readers. */
import type { ReactElement, ReactNode } from "react";

function Icon({ children }: { children: ReactNode }): ReactElement {
  return (
    <svg
      className="icon"
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export const CheckIcon = (): ReactElement => (
  <Icon>
    <path d="m3.5 8.5 3 3 6-7" />
  </Icon>
);
export const CopyIcon = (): ReactElement => (
  <Icon>
    <rect x="5.5" y="5.5" width="7" height="8" rx="1.5" />
    <path d="M10.5 3.5v-.3A1.2 1.2 0 0 0 9.3 2H4.7a1.2 1.2 0 0 0-1.2 1.2v6.1a1.2 1.2 0 0 0 1.2 1.2h.3" />
  </Icon>
);
export const PowerIcon = (): ReactElement => (
  <Icon>
    <path d="M8 2v5.5M4.6 4.4a5 5 0 1 0 6.8 0" />
  </Icon>
);
export const LockIcon = (): ReactElement => (
  <Icon>
    <rect x="3.5" y="7" width="9" height="6.5" rx="1.5" />
    <path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2" />
  </Icon>
);
export const UndoIcon = (): ReactElement => (
  <Icon>
    <path d="M6 3 3 6l3 3" />
    <path d="M3 6h6.2a3.6 3.6 0 0 1 0 7.2H6" />
  </Icon>
);
export const AlertIcon = (): ReactElement => (
  <Icon>
    <path d="M8 2.5 14 13H2L8 2.5Z" />
    <path d="M8 6.5v3M8 11.3v.1" />
  </Icon>
);
export const SearchIcon = (): ReactElement => (
  <Icon>
    <circle cx="7" cy="7" r="4" />
    <path d="m10 10 3.5 3.5" />
  </Icon>
);
