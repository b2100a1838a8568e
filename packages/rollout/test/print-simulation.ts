/**
 * Prints how rules that roll back do on made-up traffic, as a Markdown table:
 *
 *     npm run simulate -w @dimmer/rollout -- [attempts per row]
 */
import { plan as planSchema } from "@dimmer/spec";
import { changing, harmTest, repeatedThreshold, simulate, steady, stickyUsers } from "./simulation.ts";
import type { Rule, Scenario } from "./simulation.ts";

const attempts = Number(process.argv[2] ?? 1000);

interface Row {
  readonly traffic: string;
  readonly drawTraffic: Scenario["drawTraffic"];
  readonly falseRollbackRate?: number;
  readonly requestsPerTick?: number;
  readonly rule?: Rule;
}

const rows: readonly Row[] = [
  { traffic: "exactly at both limits", drawTraffic: steady(0.01, 0.05) },
  { traffic: "exactly at both limits", drawTraffic: steady(0.01, 0.05), falseRollbackRate: 0.01 },
  { traffic: "errors 2 %", drawTraffic: steady(0.02, 0) },
  { traffic: "errors 5 %", drawTraffic: steady(0.05, 0) },
  { traffic: "errors 5 %", drawTraffic: steady(0.05, 0), falseRollbackRate: 0.01 },
  {
    traffic: "errors 0.2 %, from request 10,000 on 5 %",
    drawTraffic: changing(10_000, { errors: 0.002, slow: 0 }, { errors: 0.05, slow: 0 }),
  },
  { traffic: "every request fails", drawTraffic: steady(1, 0), requestsPerTick: 1 },
  { traffic: "10 % slow", drawTraffic: steady(0, 0.1) },
  { traffic: "20 % slow", drawTraffic: steady(0, 0.2) },
  { traffic: "errors 0.8 %, in the hands of 2 % of sticky users", drawTraffic: stickyUsers() },
  { traffic: "errors 0.5 %, half the limit", drawTraffic: steady(0.005, 0) },
  { traffic: "errors 0.5 %, half the limit", drawTraffic: steady(0.005, 0), rule: repeatedThreshold },
];

process.stdout.write("| traffic | rule | α | rolled back | median requests | p90 |\n|---|---|---|---|---|---|\n");
for (const [index, row] of rows.entries()) {
  const { traffic, drawTraffic, falseRollbackRate = 0.05, requestsPerTick = 20, rule = harmTest } = row;
  const plan = planSchema.parse({ name: "simulated", steps: [{ weightPercent: 100, bakeMs: 0 }], falseRollbackRate });
  const scenario = { plan, drawTraffic, requestsPerTick, requests: 20_000 };
  const { rolledBack, medianRequests, p90Requests } = simulate(rule, scenario, attempts, index + 1);
  const error = 196 * Math.sqrt((rolledBack * (1 - rolledBack)) / attempts);
  const [name, alpha] = rule === harmTest ? ["e-process", falseRollbackRate] : ["threshold every 100", ""];
  process.stdout.write(
    `| ${traffic} | ${name} | ${alpha} | ${(rolledBack * 100).toFixed(1)} % ± ${error.toFixed(1)} | ` +
      `${medianRequests ?? "–"} | ${p90Requests ?? "–"} |\n`,
  );
}
