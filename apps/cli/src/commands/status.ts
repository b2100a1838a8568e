/** `dimmer status`: everything a person asks first, at a glance. */
import { setTimeout } from "node:timers/promises";
import { DimmerError } from "@dimmer/spec/errors";
import { refuseMore } from "../arguments.ts";
import type { Command, Invocation } from "../command.ts";
import { connect, type Connection } from "../connection.ts";
import { createLiveRegion } from "../output/live-region.ts";
import { drawStatus } from "../output/status-view.ts";
import { watchStatus } from "../output/watch-status.ts";

export const status: Command = {
  summary: "stage, rollouts, kills and who is connected, at a glance",
  usage: "",
  examples: ["dimmer status", "dimmer status --watch", "dimmer status --json"],
  options: { watch: { type: "boolean", description: "draw it again every second, until Ctrl-C; needs a terminal" } },
  async run(invocation) {
    const { positionals, options, output } = invocation;
    refuseMore(positionals, 0);
    const isWatching = options["watch"] === true;
    if (isWatching && !output.isInteractive)
      throw new DimmerError("usage", "--watch draws on a terminal; leave it out where output is piped or --json.");
    const connection = connect(invocation);
    if (isWatching) {
      await watch(connection, invocation);
      return 0;
    }
    const state = await connection.client.getStatus({ params: connection.params });
    output.result(state, drawStatus(state, connection.url, Date.now(), output));
    return 0;
  },
};

async function watch({ client, params, url }: Connection, { output }: Invocation): Promise<void> {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  process.once("SIGTERM", () => stop.abort());
  await watchStatus({
    read: () => client.getStatus({ params }),
    draw: (state) => drawStatus(state, url, Date.now(), output),
    region: createLiveRegion(process.stdout),
    rows: () => process.stdout.rows,
    wait: (durationMs) => setTimeout(durationMs, undefined, { signal: stop.signal }).catch(() => undefined),
    signal: stop.signal,
  });
}
