// Writes the README's picture of the dashboard: `npm run picture -w apps/dashboard [-- http://127.0.0.1:7700/#token=…]`.
// Without an address it shows the state of fake-state.ts; with one, a control plane that runs. DIMMER_CHROMIUM names the
// browser; default Debian's.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { buildDashboard } from "../build.ts";
import { launchBrowser } from "./browser.ts";
import { startFakeControlPlane } from "./fake-control-plane.ts";
import { canaryState } from "./fake-state.ts";

const file = join(import.meta.dirname, "../../../docs/images/dashboard.png");
const address = process.argv[2];
const fake =
  address === undefined ? await startFakeControlPlane(canaryState(Date.now()), await buildDashboard()) : undefined;
const browser = await launchBrowser(process.env["DIMMER_CHROMIUM"] ?? "/usr/bin/chromium");
try {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 926 },
    colorScheme: "dark",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  await page.goto(address ?? `${fake?.url}/#token=${fake?.token}`);
  await page.getByText("Live", { exact: true }).waitFor();
  await page
    .getByRole("img", { name: /over time/ })
    .nth(1)
    .waitFor();
  await page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))");
  await page.screenshot({ path: file });
} finally {
  await browser.close();
  await fake?.stop();
}
process.stderr.write(`${file}: ${Math.round((await stat(file)).size / 1024)} kB\n`);
