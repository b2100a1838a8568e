// Property tests draw the same cases in every run, so that a red test is red for everyone. DIMMER_TEST_SEED draws
// others, to look further: `DIMMER_TEST_SEED=$RANDOM npm test`.
import { configureGlobal, readConfigureGlobal } from "fast-check";

configureGlobal({ ...readConfigureGlobal(), seed: Number(process.env["DIMMER_TEST_SEED"] ?? 1) });
