import { candidate } from "./flags/dimmer-engine.ts";
import { createExercise, measureBytes, time, warmUpMixed } from "./flags/measure.ts";
import { askedFlags } from "./flags/workloads.ts";
import { writeWireFile } from "./flags/wire-file.ts";
const loaded = await candidate.load(writeWireFile(candidate.write(askedFlags)));
await warmUpMixed(loaded, 300);
for (const name of ["W4", "W6", "W4"] as const) {
  const e = createExercise(loaded, name, false);
  for (const w of [1e4, 1e5, 1e6, 1e6, 1e6]) {
    const t = await time(e, w);
    console.log(name, w, t.nsPerOperation.toFixed(1), await measureBytes(e));
  }
}
