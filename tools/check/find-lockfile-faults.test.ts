import { expect, test } from "vitest";
import { findLockfileFaults } from "./find-lockfile-faults.ts";

const faultsOf = (packages: object): string[] => findLockfileFaults("package-lock.json", JSON.stringify({ packages }));
const bundler = { version: "1.0.0", optionalDependencies: { "@bundler/win": "1.0.0" } };
const binary = { version: "1.0.0", optional: true };

test("a lockfile with an entry for every platform has no faults, wherever npm put it", () => {
  expect(faultsOf({ "node_modules/bundler": bundler, "node_modules/@bundler/win": binary })).toEqual([]);
  expect(
    faultsOf({
      "node_modules/a/node_modules/@b/c": bundler,
      "node_modules/a/node_modules/@bundler/win": binary,
    }),
  ).toEqual([]);
  expect(faultsOf({ "": { optionalDependencies: { node: "24" } }, "node_modules/node": binary })).toEqual([]);
  expect(faultsOf({ "packages/a": bundler, "node_modules/@bundler/win": binary })).toEqual([]);
});

test("a missing platform is a fault that names the package and its version", () => {
  expect(faultsOf({ "node_modules/bundler": bundler })).toEqual([
    expect.stringMatching(
      /^package-lock\.json:1: node_modules\/bundler 1\.0\.0 lacks @bundler\/win, so `npm ci` fails/,
    ),
  ]);
  expect(faultsOf({ "": { optionalDependencies: { node: "24" } } })).toEqual([
    expect.stringContaining("the root lacks"),
  ]);
});
