// A lockfile written beside a registry mirror that lacks some platforms' binaries leaves those entries out, and then
// `npm ci` fails on every machine. This finds it before it is committed.

type Lockfile = { packages: Record<string, { version?: string; optionalDependencies?: Record<string, string> }> };

/** Optional dependencies that have no entry of their own, as `file:1: reason`. */
export function findLockfileFaults(file: string, text: string): string[] {
  const { packages } = JSON.parse(text) as Lockfile; // npm's own format; it refuses any other before this runs
  return Object.entries(packages).flatMap(([path, { version, optionalDependencies }]) => {
    const missing = Object.keys(optionalDependencies ?? {}).filter((name) => !isLocked(packages, path, name));
    if (missing.length === 0) return [];
    const what = path === "" ? "the root" : `${path} ${version ?? ""}`;
    return [
      `${file}:1: ${what} lacks ${missing.join(", ")}, so \`npm ci\` fails; take a version whose platforms are all on the registry`,
    ];
  });
}

/** Looks for a package where Node would: beside its dependent, then in every folder above. */
function isLocked(packages: Lockfile["packages"], dependent: string, name: string): boolean {
  const here = `${dependent}/node_modules/${name}`.replace(/^\//, "");
  if (here in packages) return true;
  const above = dependent.replace(/\/?(node_modules\/)?(@[^/]+\/)?[^/]+$/, "");
  return dependent !== "" && isLocked(packages, above, name);
}
