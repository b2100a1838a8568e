/** What the engine weighs in a bundle. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";

export interface EngineSize {
  /** What an application that evaluates flags takes in, minified and gzipped. */
  readonly entryBytes: number;
  /** The same with every other entry of the package: explaining, lowering, the short form, the test kit. */
  readonly wholeBytes: number;
}

export async function measureEngineSize(): Promise<EngineSize> {
  const manifest = createRequire(import.meta.url)("@dimmer/engine/package.json") as { exports: Record<string, string> };
  const entries = Object.keys(manifest.exports).filter((entry) => entry !== "./package.json");
  const everything = entries.map((entry) => `export * from "@dimmer/engine${entry.slice(1)}";`);
  return {
    entryBytes: await bundle('export * from "@dimmer/engine";'),
    wholeBytes: await bundle(everything.join("\n")),
  };
}

/** The entry is not a file: it stands in this folder only for packages to be found from it. */
async function bundle(code: string): Promise<number> {
  const entry = join(import.meta.dirname, "engine-size-entry.ts");
  const build = await rolldown({
    input: entry,
    treeshake: true,
    plugins: [
      { name: "entry", load: (id) => (id === entry ? code : null), resolveId: (id) => (id === entry ? id : null) },
    ],
  });
  const { output } = await build.generate({ format: "esm", minify: true });
  await build.close();
  return gzipSync(output.map((chunk) => (chunk.type === "chunk" ? chunk.code : "")).join(""), { level: 9 }).length;
}
