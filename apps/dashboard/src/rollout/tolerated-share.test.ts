import { expect, test } from "vitest";
import { toleratedShare } from "./tolerated-share.ts";

test("is the limit times the margin, and never all requests", () => {
  expect(toleratedShare({ limit: 0.01 }, { safetyMargin: 2 })).toBe(0.02);
  expect(toleratedShare({ limit: 0.5 }, { safetyMargin: 4 })).toBe(0.75);
});
