/** Prints the banner of a running system: DIMMER_URL, DIMMER_TOKEN, DIMMER_ENVIRONMENT and DIMMER_DIR, and the gateway's address as its argument. */
import { DimmerError } from "@dimmer/spec/errors";
import { drawBanner } from "../output/banner.ts";
import { handleWriteErrors } from "../output/handle-write-errors.ts";
import { createOutput } from "../output/output.ts";

handleWriteErrors();
const output = createOutput(false);
const { DIMMER_URL = "", DIMMER_TOKEN = "", DIMMER_ENVIRONMENT = "", DIMMER_DIR = "" } = process.env;
try {
  const banner = await drawBanner(
    { serverUrl: DIMMER_URL, adminToken: DIMMER_TOKEN, gatewayUrl: process.argv[2] ?? "" },
    { directory: DIMMER_DIR, environment: DIMMER_ENVIRONMENT },
    output,
  );
  output.result(undefined, banner);
} catch (error) {
  // The system runs all the same.
  output.say(`Everything is up, but could not be shown: ${DimmerError.from(error).message}`);
}
