/** Where the control plane is and how to speak to it: from the environment, else from a server running out of a local folder. Node only. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isToken } from "./connection.ts";
import type { ServerAddress } from "./server-address.ts";

/**
 * What a client needs to reach a control plane. `assertGenuine`, which asks the server of a local folder to prove that it
 * is that, and `findAgain`, which looks into the folder again, are absent where the environment names the address.
 */
export interface ControlPlaneAddress extends ServerAddress {
  readonly token: string | undefined;
  readonly environment: string;
}

/** Folder a local control plane keeps its data in when nothing else is said. */
export const defaultDirectory = ".dimmer";

/**
 * DIMMER_URL and DIMMER_TOKEN when set; else the server that runs out of DIMMER_DIR (default ./.dimmer), which leaves
 * its address in server.json and its admin token in admin-token there. undefined when there is neither.
 */
export function findControlPlane(env: Readonly<Record<string, string | undefined>>): ControlPlaneAddress | undefined {
  const environment = env["DIMMER_ENVIRONMENT"] ?? "default";
  const token = env["DIMMER_TOKEN"];
  const given = env["DIMMER_URL"];
  if (given !== undefined) return { url: given, token, environment };
  const directory = env["DIMMER_DIR"] ?? defaultDirectory;
  // The same folder for as long as this process runs, wherever it goes.
  const folder = resolve(directory);
  const server = readServer(folder);
  return server === undefined ? undefined : { environment, ...addressOf(server, { directory, folder, token }) };
}

/** What a server leaves in its folder. */
interface LocalServer {
  readonly url: string;
  readonly secret: string;
}

interface Whereabouts {
  /** As messages call it. */
  readonly directory: string;
  readonly folder: string;
  /** Sent instead of the folder's own. */
  readonly token: string | undefined;
}

function addressOf(server: LocalServer, whereabouts: Whereabouts): ServerAddress & { token: string } {
  const { url, secret } = server;
  const { directory, folder, token = secret } = whereabouts;
  return {
    url,
    token,
    async assertGenuine(fetch, signal) {
      // Loaded only when asked: most who look for a server load no cryptography otherwise.
      const { assertServerProof } = await import("./server-proof.ts");
      await assertServerProof({ url, secret, directory }, fetch, signal);
    },
    findAgain() {
      const found = readServer(folder);
      if (found === undefined || (found.url === url && found.secret === secret)) return undefined;
      return addressOf(found, whereabouts);
    },
  };
}

function readServer(folder: string): LocalServer | undefined {
  const url = readServerUrl(join(folder, "server.json"));
  const secret = readText(join(folder, "admin-token"));
  // The address without the token that proves it is worth no more than none.
  return url === undefined || secret === undefined || !isToken(secret) ? undefined : { url, secret };
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
