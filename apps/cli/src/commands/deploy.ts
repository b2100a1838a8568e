/** `dimmer deploy`: starts a rollout. */
import { defaultLinkedFlags, defaultRolloutFlag } from "@dimmer/catalog";
import { DimmerError } from "@dimmer/spec/errors";
import { refuseMore } from "../arguments.ts";
import { stringOption, type Command, type Invocation } from "../command.ts";
import { connect } from "../connection.ts";
import { drawRollout } from "../output/rollout-view.ts";
import { planFromOptions, planOptions } from "../plan-options.ts";
import { readReason, reasonOption } from "../reason-option.ts";

export const deploy: Command = {
  summary: "start a rollout: turn a flag up in steps, judged on live traffic",
  usage: "--strategy safe|fast|instant|custom",
  examples: [
    "dimmer deploy --strategy safe",
    "dimmer deploy --strategy custom --steps 5,25,100 --bake 10m",
    "dimmer deploy --strategy instant --yes",
  ],
  options: {
    strategy: { type: "string", value: "<plan>", description: "safe, fast, instant or custom", default: "safe" },
    flag: { type: "string", value: "<key>", description: `default ${defaultRolloutFlag}` },
    ...planOptions,
    ...reasonOption,
    yes: { type: "boolean", description: "confirm an instant rollout" },
    force: {
      type: "boolean",
      description: "start although nobody would get the flag, as far as the control plane knows",
    },
  },
  async run(invocation) {
    const { options, output } = invocation;
    refuseMore(invocation.positionals, 0);
    const strategy = stringOption(options, "strategy") ?? "safe";
    const flag = stringOption(options, "flag") ?? defaultRolloutFlag;
    const plan = planFromOptions(strategy, options);
    if (strategy === "instant") await confirmInstant(flag, invocation);
    const reason = readReason(options);
    const { client, params } = connect(invocation);
    const linkedFlags = flag === defaultRolloutFlag ? [...defaultLinkedFlags] : [];
    const started = await client.startRollout({
      params,
      body: { flag, plan, linkedFlags, reason, force: options["force"] === true },
    });
    output.result(started, [drawRollout(started, Date.now(), output), `  undo: ${started.undo}`].join("\n"));
    return 0;
  },
};

async function confirmInstant(flag: string, { options, output }: Invocation): Promise<void> {
  if (options["yes"] === true) return;
  if (output.isInteractive && process.stdin.isTTY === true) {
    const { confirm } = await import("@clack/prompts");
    if ((await confirm({ message: `Expose ${flag} to everyone at once?`, initialValue: false })) === true) return;
  }
  throw new DimmerError("confirmation_required", `An instant rollout exposes ${flag} to everyone at once.`);
}
