/** Who may call: with keys configured, whoever has one; without, programs on this machine. */
import type { IncomingMessage } from "node:http";
import { DimmerError } from "@dimmer/spec/errors";
import { findToken, readBearer } from "../http/bearer-token.ts";
import type { AddressParts } from "./address-parts.ts";

/** Answers why a request is refused; undefined when it is not. */
export function createCallerGuard({
  config,
  state,
}: AddressParts): (request: IncomingMessage) => DimmerError | undefined {
  const keyHashes = config.apiKeys.map((key) => Buffer.from(key.sha256, "hex"));
  return ({ headers }) => {
    if (state.isClosing) return new DimmerError("shutting_down");
    if (keyHashes.length > 0) {
      const key = readBearer(headers);
      if (key === undefined) return new DimmerError("unauthenticated", "This gateway needs a key, and none was sent.");
      return findToken(key, keyHashes) === -1
        ? new DimmerError("unauthenticated", "This gateway does not know the key that was sent.")
        : undefined;
    }
    // A gateway that is open to this machine is not open to the web pages a browser there shows: those name their origin.
    if (headers.origin === undefined || config.allowAnonymous) return undefined;
    return new DimmerError("forbidden", "A gateway without apiKeys takes no requests from web pages.");
  };
}
