/** Opens pages of the dashboard in a real Chromium. */
import { chromium as driver } from "playwright-core";
import type { Browser, Page } from "playwright-core";

/** What the machine's Chromium is started with: no sandbox (tests run as root in containers), and no calls home. */
const flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** Launches the Chromium at `executablePath`. */
export function launchBrowser(executablePath: string): Promise<Browser> {
  return driver.launch({ executablePath, args: flags });
}

/** How the page is looked at. */
export interface View {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: "dark" | "light";
  readonly deviceScaleFactor?: number;
}

/** Opens a page that is already signed in, and waits until it shows something. */
export async function openDashboard(browser: Browser, url: string, token: string, view: View = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: view.width ?? 1280, height: view.height ?? 800 },
    colorScheme: view.colorScheme ?? "dark",
    deviceScaleFactor: view.deviceScaleFactor ?? 1,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  await page.goto(`${url}/#token=${token}`);
  await page.getByRole("heading", { name: "Stage" }).waitFor();
  return page;
}
