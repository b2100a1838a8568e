/** For tests of programs that ask flags: a Dimmer of their own for each test, without I/O, in any test runner. */
export { createTestDimmer } from "./create-test-dimmer.ts";
export type { TestDimmer, TestDimmerOptions } from "./create-test-dimmer.ts";
export type { TestClock } from "./test-clock.ts";
