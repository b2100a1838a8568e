/** What becomes of a process whose output nobody takes. */
import { exitCodes } from "../exit-codes.ts";

/**
 * A reader that has had enough (`| head`) is no failure, and neither is a log that cannot be written: what was asked for
 * is done all the same. A result that is lost otherwise, to a full disk, is said and fails.
 */
export function handleWriteErrors(): void {
  process.stderr.on("error", () => undefined);
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return;
    process.stderr.write(`error: the result could not be written: ${error.message}\n`);
    process.once("exit", () => {
      process.exitCode = exitCodes.unavailable;
    });
  });
}
