/** `dimmer audit`: what was done, by whom, why, and how to take it back. */
import { parseCount, refuseMore } from "../arguments.ts";
import { stringOption, type Command } from "../command.ts";
import { connect } from "../connection.ts";

export const audit: Command = {
  summary: "what was done, newest first",
  usage: "",
  examples: ["dimmer audit", "dimmer audit --limit 5 --json"],
  options: { limit: { type: "string", value: "<n>", description: "how many entries", default: "20" } },
  async run(invocation) {
    refuseMore(invocation.positionals, 0);
    const limit = parseCount("--limit", stringOption(invocation.options, "limit") ?? "20", 1000);
    const { client, params } = connect(invocation);
    const entries = await client.listAudit({ params, query: { limit } });
    const { output } = invocation;
    const lines = entries.flatMap((entry) => [
      `${output.paint("dim", entry.at.slice(0, 19).replace("T", " "))}  ${output.paint("bold", entry.action)} ${entry.target}  ${output.paint("dim", `by ${entry.by}`)}${entry.reason === "" ? "" : `: ${entry.reason}`}`,
      ...(entry.undo === undefined ? [] : [output.paint("dim", `                     undo: ${entry.undo}`)]),
    ]);
    output.result(entries, lines.length === 0 ? "Nothing yet." : lines.join("\n"));
    return 0;
  },
};
