import { DimmerError, errorTable, isErrorCode } from "@dimmer/spec/errors";
import { expect, test } from "vitest";
import { controlPlaneErrors } from "./errors/control-plane-errors.ts";
import { gatewayErrors } from "./errors/gateway-errors.ts";
import { requestErrors } from "./errors/request-errors.ts";

test("no code stands in two parts of the table, where the later one would hide the earlier", () => {
  const parts = [requestErrors, controlPlaneErrors, gatewayErrors].flatMap((part) => Object.keys(part));
  expect(Object.keys(errorTable)).toEqual(parts);
});

test("an error of another copy of the module is recognised, and anything else is a defect", () => {
  const foreign = Object.assign(new Error("gone"), { [Symbol.for("dimmer.error")]: true });
  expect(DimmerError.from(foreign)).toBe(foreign);
  const defect = DimmerError.from(new TypeError("x is not a function"));
  expect([defect.code, defect.message]).toEqual(["internal", errorTable.internal.summary]);
  expect(defect.cause).toBeInstanceOf(TypeError);
});

test("an answer carries the fix, and details only when there are any", () => {
  const { summary, fix } = errorTable.flag_not_found;
  expect(new DimmerError("flag_not_found").toBody()).toEqual({
    error: { code: "flag_not_found", message: summary, fix },
  });
  expect(new DimmerError("flag_not_found", "No.", { key: "a" }).toBody().error.details).toEqual({ key: "a" });
});

test("names every object inherits are no codes", () => {
  expect(["flag_not_found", "toString", "nope", 1].filter(isErrorCode)).toEqual(["flag_not_found"]);
});
