/** How the demo is shown while it runs: redrawn in place on a terminal, plain lines anywhere else. */
import type { EnvironmentStatus, Rollout } from "@dimmer/spec";
import { createLiveRegion } from "../output/live-region.ts";
import type { Output } from "../output/output.ts";
import { drawRollout, weightPercent } from "../output/rollout-view.ts";
import { drawStageDial } from "../output/stage-dial.ts";
import type { Demo } from "./run-demo.ts";
import type { StoryReport, StoryStep } from "./story.ts";

export interface DemoView {
  /** Says what else happens: a process that was started again. */
  readonly say: (text: string) => void;
  readonly onAction: (command: string, what: string) => void;
  readonly onStep: (step: StoryStep) => void;
  readonly onRollout: (rollout: Rollout) => void;
  /** The story is over; the traffic goes on. */
  readonly end: (report: StoryReport) => void;
  readonly close: () => void;
}

const redrawMs = 500;

/** Lines that stay for what happened, and a region at the foot for what is. */
export function createTerminalView(demo: Demo, output: Output): DemoView {
  const region = createLiveRegion(process.stdout);
  let status: EnvironmentStatus | undefined;
  let lastServed = 0;
  const timer = setInterval(() => {
    demo.client.getStatus({ params: { environment: demo.environment } }).then(
      (latest) => {
        status = latest;
        const { served } = demo.traffic.counts();
        region.draw(drawDemo(demo, latest, (served - lastServed) * (1000 / redrawMs), output));
        lastServed = served;
      },
      // The server may be down for a moment: the picture of before stays, marked.
      () => {
        if (status !== undefined)
          region.draw([
            ...drawDemo(demo, status, 0, output),
            output.paint("yellow", "  the control plane does not answer; the gateway goes on"),
          ]);
      },
    );
  }, redrawMs);
  return {
    say: (text) => region.print(output.paint("yellow", text)),
    onAction: (command, what) =>
      region.print(`\n${output.paint("cyan", `$ ${command}`)}${what === "" ? "" : `  ${output.paint("dim", what)}`}`),
    onStep: (step) => region.print(describeStep(step, output)),
    onRollout: () => undefined,
    end: (report) =>
      region.print(
        `\n${report.ok ? output.paint(["green", "bold"], "The story came out as told.") : output.paint(["red", "bold"], "The story did not come out as told.")} Traffic goes on; try 'npx dimmer status' beside this, Ctrl-C stops.`,
      ),
    close: () => {
      clearInterval(timer);
      region.end();
    },
  };
}

/** One line for every thing that happens, on stderr. */
export function createPlainView(demo: Demo, output: Output): DemoView {
  let said = "";
  return {
    say: output.say,
    onAction: (command, what) => output.say(`$ ${command}${what === "" ? "" : `  # ${what}`}`),
    onStep: (step) => output.say(describeStep(step, output)),
    onRollout: (rollout) => {
      const line = `  ${rollout.flag} attempt ${rollout.attempt}: ${rollout.status} at ${weightPercent(rollout)} %`;
      if (line === said) return;
      said = line;
      output.say(line);
    },
    end: (report) =>
      output.say(
        `The story ${report.ok ? "came out" : "did not come out"} as told; traffic goes on (${demo.traffic.counts().sent} requests so far). Ctrl-C stops.`,
      ),
    close: () => undefined,
  };
}

function describeStep(step: StoryStep, output: Output): string {
  return `${step.ok ? output.paint("green", "✓") : output.paint("red", "✗")} ${output.paint("bold", step.name)} ${output.paint("dim", `${(step.durationMs / 1000).toFixed(1)} s`)}  ${step.reason}`;
}

function drawDemo(demo: Demo, status: EnvironmentStatus, servedPerSecond: number, output: Output): string[] {
  const counts = demo.traffic.counts();
  const latest = status.rollouts.toSorted((a, b) => b.attempt - a.attempt)[0];
  const kills = status.activeKills.map((kill) => output.paint("red", `✕ ${kill.scope} ${kill.target}`)).join("  ");
  const figures = [
    `${Math.round(servedPerSecond)} answers/s`,
    `served ${counts.served}`,
    `by v2 ${counts.servedByV2}`,
    `refused ${counts.refused}`,
    `failed ${counts.failed}`,
    `right ${counts.served === 0 ? "–" : `${((100 * counts.right) / counts.served).toFixed(1)} %`}`,
  ];
  return [
    "",
    `  ${drawStageDial({ ...status.stage, drift: [] }, output)}`,
    "",
    ...(latest === undefined
      ? [`  ${output.paint("dim", "no rollout yet")}`]
      : drawRollout(latest, Date.now(), output)
          .split("\n")
          .map((line) => `  ${line}`)),
    "",
    `  ${figures.join(output.paint("dim", "  ·  "))}`,
    `  ${kills === "" ? output.paint("dim", "no kills") : kills}`,
  ];
}
