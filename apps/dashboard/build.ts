/** Builds the page for whoever serves it: once per state of its sources, into a cache folder, in a process of its own. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { access, chmod, mkdir, mkdtemp, readFile, readdir, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { compressFiles } from "./compress-files.ts";

const here = import.meta.dirname;
const repository = dirname(dirname(here));
const cache = join(repository, "node_modules", ".cache", "dimmer-dashboard");

/** What the built files depend on. The lockfile stands for every package that is bundled. */
const sources = ["src", "index.html", "vite.config.ts", "tsconfig.json", "build.ts", "compress-files.ts"].map((name) =>
  join(here, name),
);
const neighbours = ["packages/api-client/src", "packages/spec/src", "package-lock.json"].map((name) =>
  join(repository, name),
);

/**
 * The folder with the built files: index.html, and everything else under assets/ with a hash in its name; beside each
 * text its brotli and gzip forms (`.br`, `.gz`). Builds only when the sources changed; prints nothing on stdout; any
 * number of processes may call it at once.
 * @throws when the build fails; Vite's own message is on stderr then.
 */
export async function buildDashboard(): Promise<string> {
  const folder = join(cache, await hashSources([...sources, ...neighbours]));
  if (await exists(join(folder, "index.html"))) return folder;
  await mkdir(cache, { recursive: true });
  const unfinished = await mkdtemp(join(cache, "unfinished-"));
  try {
    await runVite(unfinished);
    await compressFiles(unfinished);
    // Whoever built it, any user may serve it.
    await chmod(unfinished, 0o755);
    await publish(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** Another process may have published the same build a moment ago: then its folder is as good as ours. */
async function publish(unfinished: string, folder: string): Promise<void> {
  try {
    await rename(unfinished, folder);
  } catch (error) {
    if (!(await exists(join(folder, "index.html")))) throw error;
  }
}

// A process of its own: Vite's memory goes with it, and NODE_ENV of the caller neither leaks in nor changes.
async function runVite(outDir: string): Promise<void> {
  const vite = join(dirname(createRequire(import.meta.url).resolve("vite/package.json")), "bin", "vite.js");
  const arguments_ = [
    vite,
    "build",
    here,
    "--outDir",
    outDir,
    "--emptyOutDir",
    "--logLevel",
    "warn",
    "--configLoader",
    "native",
  ];
  const child = spawn(process.execPath, arguments_, {
    cwd: here,
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", process.stderr.fd, process.stderr.fd],
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  if (code !== 0)
    throw new Error(
      `The dashboard could not be built (vite exited with ${code ?? "a signal"}); its message is on stderr.`,
    );
}

async function hashSources(paths: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  const files = (await Promise.all(paths.map(listFiles))).flat();
  for (const file of files.toSorted()) {
    if (/\.test\.tsx?$/.test(file)) continue;
    hash
      .update(relative(repository, file))
      .update("\0")
      .update(await readFile(file))
      .update("\0");
  }
  return hash.digest("hex").slice(0, 16);
}

async function listFiles(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOTDIR") return undefined;
    throw error;
  });
  if (entries === undefined) return [path];
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
