/** Where the control plane is and how to speak to it: from the environment, else from a server running out of a local folder. Node only. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What a client needs to reach a control plane. */
export interface ControlPlaneAddress {
  readonly url: string;
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
  const directory = env["DIMMER_DIR"] ?? defaultDirectory;
  const url = env["DIMMER_URL"] ?? readServerUrl(join(directory, "server.json"));
  if (url === undefined) return undefined;
  const token =
    env["DIMMER_TOKEN"] ?? (env["DIMMER_URL"] === undefined ? readText(join(directory, "admin-token")) : undefined);
  return { url, token, environment };
}

function readServerUrl(file: string): string | undefined {
  const text = readText(file);
  if (text === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null && "url" in parsed && typeof parsed.url === "string"
      ? parsed.url
      : undefined;
  } catch {
    // A torn file of a server that was killed while it wrote: as good as none.
    return undefined;
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
}
