/** The real Chromium that tests and the picture drive. */
import { chromium as driver } from "playwright-core";
import type { Browser } from "playwright-core";

/** What the machine's Chromium is started with: no sandbox (tests run as root in containers), and no calls home. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Launches the Chromium at `executablePath`. */
export function launchBrowser(executablePath: string): Promise<Browser> {
  return driver.launch({ executablePath, args: flags });
}
