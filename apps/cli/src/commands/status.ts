/** `dimmer status`: everything a person asks first, at a glance. */
import { refuseMore } from "../arguments.ts";
import type { Command } from "../command.ts";
import { connect } from "../connection.ts";
import { drawStatus } from "../output/status-view.ts";

export const status: Command = {
  summary: "stage, rollouts, kills and who is connected, at a glance",
  usage: "",
  examples: ["dimmer status", "dimmer status --json"],
  options: {},
  async run(invocation) {
    refuseMore(invocation.positionals, 0);
    const { client, params, url } = connect(invocation);
    const state = await client.getStatus({ params });
    invocation.output.result(state, drawStatus(state, url, Date.now(), invocation.output));
    return 0;
  },
};
