/** What the engine weighs in a bundle. */
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";

export interface EngineSize {
  /** Everything the package exports, minified and gzipped. */
  readonly wholeBytes: number;
  /** Loading, varying and asking alone: what an application that evaluates flags takes in. */
  readonly evaluateBytes: number;
}

export async function measureEngineSize(): Promise<EngineSize> {
  return {
    wholeBytes: await bundle('export * from "@dimmer/engine";'),
    evaluateBytes: await bundle('export { compile, evaluate, isOn, overlay } from "@dimmer/engine";'),
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
