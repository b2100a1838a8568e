import { expect, test } from "vitest";
import { appendLines } from "./append-lines.ts";

// Writing to this file fails as it does on a full disk.
test.skipIf(process.platform !== "linux")("lines that a full disk does not take are not acknowledged", async () => {
  await expect(appendLines("/dev/full", "{}\n")).rejects.toMatchObject({ code: "ENOSPC" });
});
