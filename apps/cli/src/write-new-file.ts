/** Writes a file a command was asked to make; over another one only when that was said. */
import { writeFileSync } from "node:fs";
import { DimmerError } from "@dimmer/spec/errors";

/** @throws `usage` when the file exists and `isForced` is not set, or when it cannot be written. */
export function writeNewFile(file: string, text: string, isForced: boolean): void {
  try {
    writeFileSync(file, text, { flag: isForced ? "w" : "wx" });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EEXIST")
      throw new DimmerError(
        "usage",
        `${file} exists already: name another with --out, or say --force to write over it.`,
        { file },
      );
    throw new DimmerError(
      "usage",
      `${file} cannot be written: ${error instanceof Error ? error.message : String(error)}.`,
      { file },
      { cause: error },
    );
  }
}
