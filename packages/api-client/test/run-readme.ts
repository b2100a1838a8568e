/** Runs the examples of a README as a reader would: each TypeScript block as a program of its own, beside the files the README shows. */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What became of one example. */
export interface ReadmeExample {
  /** What it says it prints: the texts after `// →`. */
  readonly promised: readonly string[];
  readonly printed: readonly string[];
  readonly errors: string;
}

/** Runs every example of `<packageFolder>/README.md` with these environment variables. */
export async function runReadme(packageFolder: string, env: Record<string, string>): Promise<ReadmeExample[]> {
  const readme = await readFile(join(packageFolder, "README.md"), "utf8");
  const blocks = [...readme.matchAll(/^```(\w+)(?: file=(\S+))?\n(.*?)^```$/gms)];
  const directory = await mkdtemp(join(tmpdir(), "dimmer-readme-"));
  // Inside of the package, so that its imports resolve as its users' do.
  const programs = await mkdtemp(join(await cacheFolder(packageFolder), "readme-"));
  try {
    for (const [, , file, text = ""] of blocks) if (file !== undefined) await writeFile(join(directory, file), text);
    const examples: ReadmeExample[] = [];
    for (const [index, [, language, , text = ""]] of blocks.entries()) {
      if (language !== "ts") continue;
      const program = join(programs, `example-${index}.ts`);
      await writeFile(program, text);
      const promised = [...text.matchAll(/\/\/ → (.*)$/gm)].map((match) => match[1] ?? "");
      examples.push({ promised, ...(await run(program, directory, env)) });
    }
    return examples;
  } finally {
    await rm(directory, { recursive: true });
    await rm(programs, { recursive: true });
  }
}

async function cacheFolder(packageFolder: string): Promise<string> {
  const folder = join(packageFolder, ".cache");
  await mkdir(folder, { recursive: true });
  return folder;
}

function run(
  program: string,
  cwd: string,
  env: Record<string, string>,
): Promise<{ printed: string[]; errors: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program], { cwd, env });
    let [output, errors] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    child.on("error", reject);
    child.on("close", () => resolve({ printed: output.split("\n").filter((line) => line !== ""), errors }));
  });
}
