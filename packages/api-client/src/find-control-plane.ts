/** Where the control plane is and how to speak to it: from the environment, else from a server running out of a local folder. Node only. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ApiClientOptions } from "./api-client.ts";
import { isToken } from "./connection.ts";

/** What a client needs to reach a control plane. */
export interface ControlPlaneAddress {
  readonly url: string;
  readonly token: string | undefined;
  readonly environment: string;
  /** Asks the server of a local folder to prove that it is that, before a token is sent. Absent where the environment names the address. */
  readonly assertGenuine?: NonNullable<ApiClientOptions["assertGenuine"]>;
}

/** Folder a local control plane keeps its data in when nothing else is said. */
export const defaultDirectory = ".dimmer";

/**
 * DIMMER_URL and DIMMER_TOKEN when set; else the server that runs out of DIMMER_DIR (default ./.dimmer), which leaves
 * its address in server.json and its admin token in admin-token there. undefined when there is neither.
 */
export function findControlPlane(env: Readonly<Record<string, string | undefined>>): ControlPlaneAddress | undefined {
  const environment = env["DIMMER_ENVIRONMENT"] ?? "default";
  const directory = env["DIMMER_DIR"] ?? defaultDirectory;
  const given = env["DIMMER_URL"];
  if (given !== undefined) return { url: given, token: env["DIMMER_TOKEN"], environment };
  const url = readServerUrl(join(directory, "server.json"));
  const secret = readText(join(directory, "admin-token"));
  // The address without the token that proves it is worth no more than none.
  if (url === undefined || secret === undefined || !isToken(secret)) return undefined;
  return {
    url,
    token: env["DIMMER_TOKEN"] ?? secret,
    environment,
    async assertGenuine(fetch, signal) {
      // Loaded only when asked: most who look for a server load no cryptography otherwise.
      const { assertServerProof } = await import("./server-proof.ts");
      await assertServerProof({ url, secret, directory }, fetch, signal);
    },
  };
}

function readServerUrl(file: string): string | undefined {
  const text = readText(file);
  if (text === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null && "url" in parsed && isAddress(parsed.url)
      ? parsed.url
      : undefined;
  } catch {
    // A torn file of a server that was killed while it wrote: as good as none.
    return undefined;
  }
}

function isAddress(value: unknown): value is string {
  return typeof value === "string" && /^https?:$/.test(URL.parse(value)?.protocol ?? "");
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
}
