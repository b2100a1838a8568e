/** `dimmer environments`: list them, or create one. */
import { environmentNamePattern } from "@dimmer/spec/environment-name";
import { DimmerError } from "@dimmer/spec/errors";
import { refuseMore, requireArgument } from "../arguments.ts";
import type { Command, Invocation } from "../command.ts";
import { connect } from "../connection.ts";
import { alignColumns } from "../output/columns.ts";

export const environments: Command = {
  summary: "list environments, or create one",
  usage: "list | create <name>",
  examples: ["dimmer environments list", "dimmer environments create staging", "dimmer status --environment staging"],
  options: {},
  async run(invocation) {
    const verb = requireArgument(invocation.positionals, 0, "what to do: list or create");
    switch (verb) {
      case "list":
        return await list(invocation);
      case "create":
        return await create(invocation);
      default:
        throw new DimmerError("usage", `'environments ${verb}' is no command: use list or create.`);
    }
  },
};

async function list(invocation: Invocation): Promise<number> {
  refuseMore(invocation.positionals, 1);
  const known = await connect(invocation).client.listEnvironments();
  const rows = known.map(({ name, version, createdAt }) => [
    name,
    `version ${version}`,
    `since ${createdAt.slice(0, 10)}`,
  ]);
  invocation.output.result(known, alignColumns(rows).join("\n"));
  return 0;
}

async function create(invocation: Invocation): Promise<number> {
  const { positionals, output } = invocation;
  refuseMore(positionals, 2);
  const name = requireArgument(positionals, 1, "the name of the new environment");
  if (!environmentNamePattern.test(name))
    throw new DimmerError(
      "usage",
      `'${name}' is no name of an environment: lower-case letters, digits and dashes, at most 63.`,
    );
  const created = await connect(invocation).client.createEnvironment({ body: { name } });
  const lines = [
    `${output.paint("green", "created")} ${name}: flags as in the catalogue, stage dark, version ${created.version}`,
    "  no undo: an environment keeps its history; it costs nothing while nobody follows it",
    `  next: dimmer stage --environment ${name}`,
  ];
  output.result(created, lines.join("\n"));
  return 0;
}
