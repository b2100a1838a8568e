/** For tests of everything that speaks to a control plane: a fake one, and a clock that moves only when told. */
export { startFakeControlPlane } from "./fake-control-plane.ts";
export type { Answer, FakeControlPlane, SeenRequest } from "./fake-control-plane.ts";
export { createManualClock } from "./manual-clock.ts";
export type { ManualClock } from "./manual-clock.ts";
export { runReadme } from "./run-readme.ts";
export type { ReadmeExample } from "./run-readme.ts";
