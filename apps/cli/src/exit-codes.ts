/** Exit codes of `dimmer`, by who has to act; documented in docs/cli.md. */
import type { ErrorKind } from "@dimmer/spec/errors";

export const exitCodes: Readonly<Record<ErrorKind, number>> = {
  input: 2,
  auth: 3,
  state: 4,
  unavailable: 5,
  internal: 70,
};
