/**
 * How a server shows that it runs out of a folder, before that folder's token is sent to it. A server that was killed
 * leaves its address behind, and anybody may listen there next. So the client asks with a nonce, and the server answers
 * with an HMAC of the nonce, keyed by the admin token of its folder, which a stranger does not have. The address is
 * signed too: a stranger could otherwise have the folder's real server, on another port, answer for it. Node only.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { DimmerError } from "@dimmer/spec/errors";

/** Where a server answers, without a token: `?nonce=<64 hex digits>` → `{ "proof": "<64 hex digits>" }`. */
export const proofPath = "/proof";

const nonceBytes = 32;

/** Whether a client may ask with it: long enough that no answer is ever asked for twice. */
export function isProofNonce(nonce: unknown): nonce is string {
  return typeof nonce === "string" && /^[0-9a-f]{64}$/.test(nonce);
}

/** What the server at `url`, as its folder's server.json has it, answers to a nonce. `secret` is the folder's admin token. */
export function proveServer(secret: string, url: string, nonce: string): string {
  return createHmac("sha256", secret).update(`dimmer server proof 1\n${url}\n${nonce}`).digest("hex");
}

/** The server a folder names, and what only that server and the folder know. */
export interface NamedServer {
  readonly url: string;
  readonly secret: string;
  readonly directory: string;
}

/**
 * Asks a server for its proof. Throws `server_unreachable` when it gives none, and what `fetch` throws when nobody
 * answers at all.
 */
export async function assertServerProof(
  { url, secret, directory }: NamedServer,
  fetch: typeof globalThis.fetch,
  signal: AbortSignal,
): Promise<void> {
  const nonce = randomBytes(nonceBytes).toString("hex");
  const response = await fetch(`${url}${proofPath}?nonce=${nonce}`, {
    signal,
    redirect: "error",
    cache: "no-store",
    credentials: "omit",
  });
  if (isEqual(readProof(await response.text()), proveServer(secret, url, nonce))) return;
  throw new DimmerError(
    "server_unreachable",
    `What listens at ${url} is not the control plane of ${directory}, whose server.json is left from one that is gone. It was sent no token.`,
    { url, directory },
  );
}

function readProof(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null && "proof" in body ? String(body.proof) : "";
  } catch {
    // Somebody who speaks no JSON: no proof.
    return "";
  }
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
