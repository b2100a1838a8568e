// What a person sees of an environment: in Chromium, the page as it is served, a control plane in memory.
import { DimmerError } from "@dimmer/spec/errors";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { formatCount } from "../src/ui/number-format.ts";
import { crowdedState, longReason } from "./crowded-state.ts";
import { canaryState, emptyState, rolledBack } from "./fake-state.ts";
import { scripts } from "./page-scripts.ts";
import { createPages, see } from "./pages.ts";
import type { Pages } from "./pages.ts";

describe.skipIf(inject("chromium") === "")("the dashboard", () => {
  let pages: Pages;
  beforeAll(async () => {
    pages = await createPages();
  });
  afterAll(() => pages.close());

  describe("shows", () => {
    test("where it looks, the stage, the rollout with its verdict, kills, replicas, audit and flags", async () => {
      const { page } = await pages.open();
      await see(page, "banner", ["Dimmer", "default", "Live"]);
      expect(await page.locator(".stage-position[aria-current=step]").innerText()).toMatch(/^canary/);
      await see(page, "Rollout phase_4_deployment", [
        "attempt 3",
        "plan custom",
        "50 %",
        "running",
        "Step 4 of 6",
        "left in the bake",
        "Still baking",
        "so far error rate 0.38 %",
        "heuristic (sticky users)",
        "0.44 %",
        "58 / 20",
      ]);
      expect(await page.getByRole("meter").count()).toBe(4);
      await see(page, "Kills", ["1 in force", "llama-3-70b", "by anna", "41 min ago", "ends in", "INC-2291"]);
      await see(page, "Replicas", ["4 connected", "gateway-41aa-us1", "lags: flags", "up to date"]);
      await see(page, "Audit", ["rollout started", "phase_4_deployment"]);
      await see(page, "Flags", [
        "guardrails are not built yet",
        "Error handling is not optional.",
        "owned by attempt 3 (running)",
      ]);
      expect(await page.getByRole("switch", { name: "phase_4_deployment" }).isDisabled()).toBe(true);
      expect(await page.getByRole("switch", { name: "error_handling_enabled" }).isDisabled()).toBe(true);
    });

    test("both charts, with both arms, the limit and a summary in words", async () => {
      const { page } = await pages.open();
      const charts = page.getByRole("img", { name: /over time/ });
      await charts.nth(1).waitFor();
      expect(await charts.first().getAttribute("aria-label")).toMatch(
        /^Error rate over time: canary now 0\.\d+ %, baseline 0\.\d+ %, limit 1 %$/,
      );
      const charted = await page.evaluate<{ accent: number; danger: number }[]>(scripts.hues);
      expect(charted).toHaveLength(2);
      for (const { accent, danger } of charted) {
        expect(accent).toBeGreaterThan(200);
        expect(danger).toBeGreaterThan(50);
      }
    });

    test.each([-7, 7])(
      "times by the control plane's clock, with a browser's that is off by %i min",
      async (aheadMin) => {
        const clockAheadMs = aheadMin * 60_000;
        const { page } = await pages.open({ ...canaryState(Date.now() + clockAheadMs), clockAheadMs });
        await see(page, "Rollout phase_4_deployment", ["18 min ago by anna", "left in the bake"]);
        expect(await page.locator(".steps-where").innerText()).toMatch(/ 1 min 4\d s left in the bake/);
        // Whole minutes: the second the Date header cuts off decides between two of them.
        expect(await page.locator(".kill-facts").innerText()).toMatch(/4[01] min ago[^]*ends in 1 h 1[89] min/);
      },
    );

    test("an empty environment: what is missing, and what to do", async () => {
      const { page } = await pages.open(emptyState(Date.now()));
      await see(page, "Kills", ["Nothing is killed."]);
      await see(page, "Rollout", ["Nothing has been rolled out yet.", "dimmer deploy --strategy safe"]);
      await see(page, "Replicas", ["Nobody follows this environment."]);
      await see(page, "Audit", ["Nothing has been done here yet."]);
    });

    test("a rollout that ended at its first measurement: that no line can be drawn of it", async () => {
      const state = canaryState(Date.now());
      const only = Object.entries(state.history).map(([id, points]) => {
        const first = points.at(0)?.at;
        return [id, points.filter((point) => point.at === first)] as const;
      });
      state.history = Object.fromEntries(only);
      const { page } = await pages.open(state);
      await see(page, "Rollout phase_4_deployment", ["One measurement; a line needs two"]);
      expect(await page.getByRole("img", { name: /over time/ }).count()).toBe(0);
    });

    test("that storage fails, that flags drifted", async () => {
      const state = canaryState(Date.now());
      state.status = { ...state.status, isStorageWritable: false };
      state.status.stage.drift = ["ai.guardrails.mode"];
      const { page } = await pages.open(state);
      await see(page, "Changes are refused", [
        "Cannot write to its storage.",
        "A kill acts at once, but is not on disk.",
      ]);
      await see(page, "Stage", ["Drift: one flag no longer serves what canary assigns: ai.guardrails.mode"]);
    });

    test("evidence so that a stranger can read it: what the verdict means, of how many requests, and how far to trust it", async () => {
      const state = canaryState(Date.now());
      const [rollout] = state.status.rollouts;
      if (rollout?.verdict === undefined) throw new Error("the state has no verdict");
      const { canary, baseline } = rollout.evidence.attemptArms;
      const reason = "the canary got 3 % of 12,112 requests at 50 % exposure; 20 % to 80 % would pass";
      state.status.rollouts = [{ ...rollout, verdict: { ...rollout.verdict, type: "mismatch", reason } }];
      const { page } = await pages.open(state);
      await see(page, "Rollout phase_4_deployment", [
        `Mismatch ${reason}`,
        "The comparison cannot be trusted.",
        "A guide, not a guarantee: heuristic (sticky users)",
        `limit 1 %; whole attempt, ${formatCount(canary.requests)} canary and ${formatCount(baseline.requests)} baseline requests`,
        "in this step 0.38 % of 8,056 canary, 0.50 % of 8,034 baseline",
        "evidence for under 2 % (safe) and over 1 % (harm); proven at the mark",
        "evidence for under 10 % (safe) and over 5 % (harm); proven at the mark",
      ]);
      await page.getByText("How to read this").click();
      await see(page, "Rollout phase_4_deployment", [
        "A step that bad is called safe in 5 % of cases at most",
        "while requests of one user resemble each other",
      ]);
    });

    test("harm that the baseline shares, in a part of the attempt, so that nobody blames the canary for it", async () => {
      const state = canaryState(Date.now());
      const [rollout] = state.status.rollouts;
      if (rollout === undefined) throw new Error("the state has no rollout");
      const harmed = rolledBack(rollout, Date.now());
      const { canary, baseline } = harmed.evidence.stepArms;
      const stepArms = {
        canary: { ...canary, requests: 72, errors: 33 },
        baseline: { ...baseline, requests: 21, errors: 12 },
      };
      const checks = harmed.verdict?.checks.map((check) =>
        check.check === "error-rate" ? { ...check, canaryShare: 0.0036 } : check,
      );
      if (harmed.verdict === undefined || checks === undefined) throw new Error("the attempt was not judged");
      const evidence = { ...harmed.evidence, stepArms };
      state.status.rollouts = [{ ...harmed, evidence, verdict: { ...harmed.verdict, checks } }];
      const { page } = await pages.open(state);
      await see(page, "Errors", [
        "in this step 46 % of 72 canary, 57 % of 21 baseline",
        "The baseline is above the limit in this step too",
        "Over the whole attempt it is within the limit",
      ]);
      expect(await page.getByRole("region", { name: "Slower than 500 ms" }).innerText()).not.toContain(
        "above the limit",
      );
    });

    test("earlier attempts when they are asked for, to be looked at only", async () => {
      const state = canaryState(Date.now());
      const [rollout] = state.status.rollouts;
      if (rollout === undefined) throw new Error("the state has no rollout");
      state.earlierAttempts = Array.from({ length: 49 }, (_, index) => ({
        ...rolledBack(rollout, Date.now() - (index + 1) * 3_600_000),
        id: `earlier-${index}`,
        attempt: 50 - index,
      }));
      state.status.rollouts = [{ ...rollout, attempt: 51 }];
      const { page } = await pages.open(state);
      await page.getByRole("button", { name: "attempt 51, show earlier attempts" }).click();
      await see(page, "Rollout phase_4_deployment", ["1 unfinished, 49 finished"]);
      await page.getByLabel("Which rollout").selectOption("phase_4_deployment, attempt 2: rolled back");
      await see(page, "Rollout phase_4_deployment", ["attempt 2", "rolled back", "Harm", "e-value of harm 1,940"]);
      expect(await page.getByRole("button", { name: "Roll back…" }).count()).toBe(0);
    });

    test("a crowd: 2,000 flags in pages, 50 finished rollouts in one field, a long reason on demand", async () => {
      const { page } = await pages.open(crowdedState(Date.now()));
      await see(page, "Flags", ["2,028", "100 of 2,028 shown"]);
      expect(await page.locator(".flag").count()).toBe(100);
      await page.getByRole("button", { name: "Show 100 more" }).click();
      await expect.poll(() => page.locator(".flag").count()).toBe(200);
      await page.getByRole("searchbox", { name: "Search flags" }).fill("service_1999");
      await see(page, "Flags", ["1 of 2,028", "team.service_1999.enabled"]);
      await page.getByLabel("Which rollout").selectOption("team.feature_1, attempt 3: rolled back");
      await see(page, "Rollout team.feature_1", ["1 unfinished, 50 finished", "Proven to be above the limit"]);
      await page.getByRole("button", { name: "whole reason" }).click();
      await see(page, "Kills", [longReason.trim()]);
    });

    test("an error in words, with the fix, and tries again", async () => {
      const fake = await pages.start();
      fake.failNext("getStatus", new DimmerError("environment_not_found", "There is no environment 'default'."));
      const page = await pages.visit(fake);
      await page.getByRole("alert").waitFor();
      await see(page, "main", [
        "There is no environment 'default'.",
        "'dimmer environments list' shows those there are",
      ]);
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByRole("heading", { name: "Stage" }).waitFor();
    });

    test.each([
      { width: 1280, height: 800, colorScheme: "dark" },
      { width: 390, height: 844, colorScheme: "light" },
    ] as const)("everything at $width x $height in the $colorScheme, without moving under the reader", async (view) => {
      const { page, fake } = await pages.open(crowdedState(Date.now()), view);
      await page
        .getByRole("img", { name: /over time/ })
        .nth(1)
        .waitFor();
      await page.getByText("How to read this").click();
      fake.emit({ event: "stage", data: { ...fake.state.status.stage, enteredBy: "marek" } });
      await page.getByText("by marek").waitFor();
      expect(await page.evaluate(scripts.overflow)).toBe(0);
      expect(await page.evaluate(scripts.lowContrast)).toEqual([]);
      expect(await page.evaluate(scripts.layoutShift)).toBeLessThan(0.02);
      expect(await page.evaluate(scripts.groundColor)).toBe(
        view.colorScheme === "dark" ? "rgb(15, 16, 18)" : "rgb(244, 243, 239)",
      );
    });
  });

  describe("follows", () => {
    test("the stream, without a reload, and says aloud what changed", async () => {
      const { page, fake } = await pages.open();
      await page.evaluate("window.isSameDocument = true");
      const [rollout] = fake.state.status.rollouts;
      if (rollout === undefined) throw new Error("the state has no rollout");
      fake.putRollout({ ...rollout, stepIndex: 4 });
      await page.getByText("Step 5 of 6").waitFor();
      fake.putRollout(rolledBack(rollout, Date.now()));
      await see(page, "Rollout phase_4_deployment", ["rolled back", "0 %", "Harm", "5.3 %", "e-value of harm 1,940"]);
      await page.getByRole("log").getByText("is now rolled-back: canary errors 5.3 %").waitFor();
      fake.emit({
        event: "stage",
        data: { current: "dark", enteredAt: new Date().toISOString(), enteredBy: "marek", drift: [] },
      });
      await page.locator(".stage-position[aria-current=step]", { hasText: "dark" }).waitFor();
      expect(await page.evaluate("window.isSameDocument")).toBe(true);
    });

    test("a server that went away: stale with its age, then live again with what it missed", async () => {
      const { page, fake } = await pages.open();
      await fake.stop();
      await page.getByText(/^Stale \d+ s$/).waitFor();
      await page.getByText("The control plane does not answer.").waitFor();
      await page.getByText("dimmer kill all --local").waitFor();
      fake.state.status.stage = { ...fake.state.status.stage, current: "shadow" };
      fake.state.status.activeKills = [];
      await fake.start();
      await page.getByText("Live", { exact: true }).waitFor();
      await page.getByText("Nothing is killed.").waitFor();
      expect(await page.locator(".stage-position[aria-current=step]").innerText()).toMatch(/^shadow/);
    });
  });
});
