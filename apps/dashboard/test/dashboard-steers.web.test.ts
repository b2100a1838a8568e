// How a person changes an environment, and signs in: in Chromium, the page as it is served, a control plane in memory.
import { DimmerError } from "@dimmer/spec/errors";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { canaryState } from "./fake-state.ts";
import { createPages, focused, see, tabTo } from "./pages.ts";
import type { Pages } from "./pages.ts";

describe.skipIf(inject("chromium") === "")("the dashboard", () => {
  let pages: Pages;
  beforeAll(async () => {
    pages = await createPages();
  });
  afterAll(() => pages.close());

  describe("changes", () => {
    test("a flag: the exact effect first, the command that undoes it afterwards", async () => {
      const { page, fake } = await pages.open();
      const flag = page.getByRole("switch", { name: "ai.provider.google.enabled" });
      await flag.click({ force: true });
      const dialog = page.getByRole("dialog", { name: "ai.provider.google.enabled" });
      await dialog.getByText("false to everyone").waitFor();
      expect(fake.changes).toEqual([]);
      await dialog.getByLabel("Reason").fill("429 on every call");
      await dialog.getByRole("button", { name: "Turn off" }).click();
      await dialog.getByText("dimmer flags set ai.provider.google.enabled").waitFor();
      expect(fake.changes).toMatchObject([
        {
          route: "applyChangeSet",
          body: {
            edits: [{ type: "serve", flag: "ai.provider.google.enabled", value: false }],
            reason: "429 on every call",
          },
        },
      ]);
      await dialog.getByRole("button", { name: "Close" }).last().click();
      await expect.poll(() => flag.isChecked()).toBe(false);
    });

    test("a flag of named modes to a share of users", async () => {
      const { page, fake } = await pages.open();
      await page.getByRole("searchbox", { name: "Search flags" }).fill("guardrails mode");
      await page.getByRole("button", { name: "Change ai.guardrails.mode" }).click();
      const dialog = page.getByRole("dialog", { name: "ai.guardrails.mode" });
      await dialog.getByLabel("Serve").selectOption("a share of users");
      await dialog.getByLabel("Share in %").fill("20");
      await dialog.getByText("block to 20 % of users").waitFor();
      await dialog.getByRole("button", { name: "Expose to 20 %" }).click();
      await dialog.getByText("ai.guardrails.mode serves block to 20 % of users.").waitFor();
      const strategy = { type: "percentage", percentage: 20 };
      expect(fake.changes).toMatchObject([
        { body: { edits: [{ type: "expose", flag: "ai.guardrails.mode", strategy }] } },
      ]);
    });

    test("the stage: the precondition first, its refusal in words, and force as an act of its own", async () => {
      const { page, fake } = await pages.open();
      await page.getByRole("button", { name: "Enter active" }).click();
      const dialog = page.getByRole("dialog", { name: "Enter active" });
      await dialog.getByText("It needs a completed rollout. phase_4_deployment is at 50 % (running).").waitFor();
      await dialog.getByRole("button", { name: "Enter active" }).click();
      await dialog.getByRole("alert").getByText("The stage 'active' needs a completed rollout").waitFor();
      await dialog.getByLabel("Enter although the precondition does not hold").check();
      await dialog.getByRole("button", { name: "Enter active" }).click();
      await dialog.getByText("default is at active.").waitFor();
      expect(fake.changes.map(({ body }) => body)).toMatchObject([{ force: false }, { force: true }]);
    });

    test("a rollout: roll back says what goes off with it", async () => {
      const { page, fake } = await pages.open();
      await page.getByRole("button", { name: "Roll back…" }).click();
      const dialog = page.getByRole("dialog", { name: "Roll back phase_4_deployment" });
      await dialog
        .getByText("from 50 % to 0 % at once, and this attempt ends. Off with it: aatc_system_enabled.")
        .waitFor();
      await dialog.getByLabel("Reason").fill("complaints");
      await dialog.getByLabel("Reason").press("Enter");
      await dialog.getByText("phase_4_deployment is rolled back to 0 %.").waitFor();
      expect(fake.changes).toEqual([{ route: "actOnRollout", body: { action: "rollback", reason: "complaints" } }]);
    });

    test("in read-only mode nothing but what makes things safer; what is refused is reached, and says why", async () => {
      const state = canaryState(Date.now());
      state.status.isReadOnly = true;
      state.flags = state.flags.map((view) =>
        view.key === "read_only_mode" ? { ...view, value: true, exposure: "true" } : view,
      );
      const { page, fake } = await pages.open(state);
      await see(page, "Changes are refused", ["Read-only.", "kill, roll back, enter dark"]);
      const button = (name: string): Locator => page.getByRole("button", { name, exact: true });
      const why = "Refused in read-only mode. Leave the mode first: the button is at the top.";
      const refused = [
        "Enter shadow",
        "Enter active",
        "Pause…",
        "Promote…",
        "Revive model llama-3-70b",
        "Change ai.bandit.mode",
      ];
      for (const name of refused) {
        expect(await button(name).getAttribute("aria-disabled"), name).toBe("true");
        expect(await button(name).getAttribute("aria-description"), name).toBe(why);
      }
      await button("Promote…").focus();
      await page.locator(".why-bubble", { hasText: why }).waitFor();
      await page.keyboard.press("Enter");
      await page.keyboard.press("Escape");
      await expect.poll(() => page.locator(".why-bubble").count()).toBe(0);
      await page.locator(".flag", { hasText: "ai.egress.enabled" }).locator("[data-why]").last().hover();
      await page.locator(".why-bubble", { hasText: why }).waitFor();
      expect(await page.getByRole("switch", { name: "ai.egress.enabled" }).isDisabled()).toBe(true);
      expect(await page.getByRole("switch", { name: "read_only_mode" }).isDisabled()).toBe(false);
      expect(await page.getByRole("dialog").count()).toBe(0);
      for (const name of ["Kill…", "Kill all AI egress", "Enter dark", "Roll back…"]) {
        await button(name).click();
        await page.getByRole("dialog").waitFor();
        await page.keyboard.press("Escape");
        await page.getByRole("dialog").waitFor({ state: "detached" });
      }
      await button("Leave read-only…").click();
      await page.getByRole("dialog").getByRole("button", { name: "Leave read-only mode" }).click();
      await page.getByText("default takes changes again.").waitFor();
      expect(fake.changes).toMatchObject([
        { body: { edits: [{ type: "serve", flag: "read_only_mode", value: false }] } },
      ]);
      await page.keyboard.press("Escape");
      await expect.poll(() => button("Promote…").getAttribute("aria-disabled")).toBe(null);
      await page.getByRole("region", { name: "Changes are refused" }).waitFor({ state: "detached" });
    });

    test("nothing when the control plane refuses: the dialog stays and says why", async () => {
      const { page, fake } = await pages.open();
      fake.failNext("actOnRollout", new DimmerError("read_only_mode"));
      await page.getByRole("button", { name: "Pause…" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("button", { name: "Pause" }).click();
      await dialog.getByRole("alert").getByText("The control plane is in read-only mode.").waitFor();
      expect(fake.changes).toEqual([]);
    });
  });

  describe("kills", () => {
    test("a provider, and revives it, by keyboard alone; the focus is never lost", async () => {
      const { page, fake } = await pages.open();
      await tabTo(page, "Kill…");
      await page.keyboard.press("Enter");
      const killing = page.getByRole("dialog", { name: "Kill" });
      await killing.waitFor();
      await page.keyboard.type("google");
      await killing.getByText("no call reaches the provider google").waitFor();
      await page.keyboard.press("Escape"); // the list of suggestions
      await tabTo(page, "Reason");
      await page.keyboard.type("wrong answers");
      await page.keyboard.press("Enter");
      await killing.getByText("3 of 4").waitFor();
      await killing.getByText("It is on disk").waitFor();
      await page.keyboard.press("Enter");
      await killing.waitFor({ state: "detached" });
      await expect.poll(() => focused(page)).toBe("Kill…");
      expect(fake.changes).toMatchObject([
        { route: "addKill", body: { scope: "provider", target: "google", reason: "wrong answers" } },
      ]);

      await tabTo(page, "Revive provider google");
      await page.keyboard.press("Enter");
      const reviving = page.getByRole("dialog", { name: "Revive provider google" });
      await reviving.waitFor();
      await page.keyboard.press("Enter"); // without a reason: on to the button
      await expect.poll(() => focused(page)).toBe("Revive provider google");
      await page.keyboard.press("Enter");
      await reviving.getByText("Revived provider google.").waitFor();
      await page.keyboard.press("Escape");
      await reviving.waitFor({ state: "detached" });
      await expect
        .poll(() => page.getByRole("button", { name: "Revive provider google", exact: true }).count())
        .toBe(0);
      await expect.poll(() => focused(page)).toBe("Kills");
    });

    test("everything in two steps by keyboard, from inside a field, while the status cannot be read and after it is killed", async () => {
      const fake = await pages.start();
      fake.failNext("getStatus", new DimmerError("environment_not_found"));
      const page = await pages.visit(fake);
      await page.getByRole("alert").waitFor();
      for (const reads of [0, 1]) {
        await page.keyboard.press("Control+Shift+K");
        const dialog = page.getByRole("dialog", { name: "Kill all AI egress" });
        await dialog.getByText("no request reaches any provider").waitFor();
        await page.keyboard.press("Enter");
        await dialog.getByText("All AI egress is killed.").waitFor();
        await page.keyboard.press("Enter");
        await dialog.waitFor({ state: "detached" });
        expect(fake.changes).toHaveLength(reads + 1);
        if (reads === 0) await page.getByRole("button", { name: "Try again" }).click();
        await page.getByRole("searchbox", { name: "Search flags" }).focus();
      }
    });

    test("one thing from anywhere: its name, Enter, Enter; and says how to when the control plane is gone", async () => {
      const { page, fake } = await pages.open();
      await page.keyboard.press("Control+K");
      const dialog = page.getByRole("dialog", { name: "Kill" });
      await dialog.waitFor();
      await page.keyboard.type("google");
      await dialog.getByText("no call reaches the provider google").waitFor();
      await fake.stop();
      await page.keyboard.press("Enter");
      await expect.poll(() => focused(page)).toBe("Kill provider google");
      await page.keyboard.press("Enter");
      await dialog.getByRole("alert").waitFor();
      await dialog.getByText("dimmer kill provider google --local").waitFor();
    });

    test("for as long as is asked for, by the control plane's clock", async () => {
      const clockAheadMs = 20 * 60_000;
      const { page, fake } = await pages.open({ ...canaryState(Date.now() + clockAheadMs), clockAheadMs });
      await page.getByRole("button", { name: "Kill…" }).click();
      const dialog = page.getByRole("dialog", { name: "Kill" });
      await dialog.getByLabel("Name").fill("google");
      await dialog.getByLabel("How long").selectOption("for 15 minutes");
      await dialog.getByRole("button", { name: "Kill provider google" }).click();
      await dialog.getByText("Killed provider google.").waitFor();
      const [{ expiresAt = "" } = {}] = fake.state.status.activeKills;
      expect(Math.abs(Date.parse(expiresAt) - (Date.now() + clockAheadMs + 15 * 60_000))).toBeLessThan(10_000);
    });

    test("everything, with one deliberate act; a kill that is not on disk is called so", async () => {
      const { page, fake } = await pages.open();
      fake.isDurable = false;
      await tabTo(page, "Kill all AI egress");
      // Held down: it opens the dialog, and does no more.
      await page.keyboard.down("Enter");
      const dialog = page.getByRole("dialog", { name: "Kill all AI egress" });
      await dialog.getByText("no request reaches any provider").waitFor();
      await dialog.locator("[type=submit]:focus").waitFor();
      await page.keyboard.down("Enter");
      await page.keyboard.up("Enter");
      expect(fake.changes).toEqual([]);
      await page.keyboard.press("Enter");
      await dialog.getByText("3 of 4").waitFor();
      await dialog.getByText("Not durable").waitFor();
      await dialog.getByText("dimmer revive all").waitFor();
      // The count goes on as replicas confirm.
      const { status } = fake.state;
      fake.emit({
        event: "replicas",
        data: status.replicas.map((replica) => ({ ...replica, killVersion: status.killVersion })),
      });
      await dialog.getByText("4 of 4").waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "All AI egress is killed" }).waitFor();
    });
  });

  describe("signs in", () => {
    test("by a link, and keeps the token out of the address bar", async () => {
      const { page, fake } = await pages.open();
      expect(page.url()).toBe(`${fake.url}/`);
      await page.reload();
      await page.getByRole("heading", { name: "Stage" }).waitFor();
    });

    test("by a form when there is no token, or the control plane refuses it", async () => {
      const fake = await pages.start();
      const page = await pages.visit(fake, "wrong");
      await page.getByText("The control plane did not accept the token.").waitFor();
      await page.getByLabel("Token").first().fill(fake.token);
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Stage" }).waitFor();
      fake.revokeToken();
      await page.getByText("The control plane did not accept the token.").waitFor();
    });
  });
});
