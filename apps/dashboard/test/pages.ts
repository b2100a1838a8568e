// A browser, the built page and a control plane in memory, for tests of what a person meets.
import type { Page } from "playwright-core";
import { expect, inject, onTestFinished } from "vitest";
import { buildDashboard } from "../build.ts";
import { launchBrowser } from "./browser.ts";
import { startFakeControlPlane } from "./fake-control-plane.ts";
import type { FakeControlPlane } from "./fake-control-plane.ts";
import { canaryState } from "./fake-state.ts";
import type { FakeState } from "./fake-state.ts";
import { scripts } from "./page-scripts.ts";

/** How the page is looked at. */
export interface View {
  /** @defaultValue 1280 */
  readonly width?: number;
  /** @defaultValue 800 */
  readonly height?: number;
  /** @defaultValue dark */
  readonly colorScheme?: "dark" | "light";
}

/** Opens pages of one browser; everything opened in a test is closed after it. */
export interface Pages {
  /** A control plane and a page that is signed in to it and live. */
  open(state?: FakeState, view?: View): Promise<{ page: Page; fake: FakeControlPlane }>;
  /** A control plane alone. */
  start(state?: FakeState): Promise<FakeControlPlane>;
  /** A page that follows the link with a token, and nothing is waited for. */
  visit(fake: FakeControlPlane, token?: string): Promise<Page>;
  /** Closes the browser. */
  close(): Promise<void>;
}

/**
 * Launches the machine's Chromium and builds the page where it is not built yet. Every test gets a control plane of its
 * own; all of them stand at one address, and one tab visits them, so that the browser compiles the page only once.
 */
export async function createPages(): Promise<Pages> {
  const [browser, folder] = await Promise.all([launchBrowser(inject("chromium")), buildDashboard()]);
  const tab = await (await browser.newContext({ reducedMotion: "reduce" })).newPage();
  let port = 0;

  const start = async (state: FakeState = canaryState(Date.now())): Promise<FakeControlPlane> => {
    const fake = await startFakeControlPlane(state, folder, port);
    port = Number(new URL(fake.url).port);
    onTestFinished(() => fake.stop());
    return fake;
  };
  const visit = async (fake: FakeControlPlane, token: string = fake.token, view: View = {}): Promise<Page> => {
    watch(tab);
    // Sooner than the test's own limit, so that what fails is named by what was waited for.
    tab.setDefaultTimeout(15_000);
    await tab.setViewportSize({ width: view.width ?? 1280, height: view.height ?? 800 });
    await tab.emulateMedia({ colorScheme: view.colorScheme ?? "dark" });
    await tab.goto(`${fake.url}/#token=${token}`);
    return tab;
  };
  return {
    start,
    visit,
    async open(state, view) {
      const fake = await start(state);
      const page = await visit(fake, fake.token, view);
      await page.getByText("Live", { exact: true }).waitFor();
      return { page, fake };
    },
    close: () => browser.close(),
  };
}

/** Waits until a part of the page, by its role or its title, shows all these texts. */
export async function see(page: Page, part: string, texts: readonly string[]): Promise<void> {
  const region = part === "banner" || part === "main" ? page.getByRole(part) : page.getByRole("region", { name: part });
  for (const text of texts)
    await expect.poll(async () => (await region.innerText()).replaceAll(/\s+/g, " ")).toContain(text);
}

/** Presses Tab until the focus is on what is called so. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    if ((await focused(page)) === name) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not lead to "${name}"; the focus is on "${await focused(page)}"`);
}

/** The name of what has the focus; "" when nothing has. */
export function focused(page: Page): Promise<string> {
  return page.evaluate<string>(scripts.focusedName);
}

/** Leaves the page after the test, which fails when the page threw or broke its content security policy. */
function watch(page: Page): void {
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy|Warning|Uncaught/.test(message.text())) faults.push(message.text());
  });
  onTestFinished(async () => {
    await page.evaluate(scripts.forget);
    await page.goto("about:blank");
    page.removeAllListeners("pageerror").removeAllListeners("console");
    expect(faults).toEqual([]);
  });
}
