import { DimmerError } from "@dimmer/spec/errors";
import { expect, test } from "vitest";
import { createPlainLog } from "./plain-log.ts";

test("warnings and errors are lines, with what an expected error says and the trace of a defect", () => {
  const said: string[] = [];
  const log = createPlainLog((text) => said.push(text));
  const defect = new Error("boom");
  log.info({}, "ready");
  log.warn(
    { error: new DimmerError("store_unreadable", "line 3 is damaged"), store: "log" },
    "the kill log has a fault",
  );
  log.error({ error: defect }, "something broke");
  log.error({ error: new Error("disk is full"), code: "storage_unavailable" }, "The database cannot be used");
  log.error({}, "nothing more to say");
  expect(said).toEqual([
    "warning: the kill log has a fault: line 3 is damaged",
    `error: something broke: ${defect.stack}`,
    "error: The database cannot be used (disk is full)",
    "error: nothing more to say",
  ]);
});
