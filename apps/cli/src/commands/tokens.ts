/** `dimmer tokens`: list, create and revoke. A secret is printed once, by the command that makes it, and nowhere else. */
import type { Token } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { refuseMore, requireArgument } from "../arguments.ts";
import type { Command, Invocation } from "../command.ts";
import { connect } from "../connection.ts";
import { alignColumns } from "../output/columns.ts";
import { refuseOptionsOfOthers } from "../refuse-options-of-others.ts";
import { createCommandOf, readTokenRequest, tokenOptions } from "../token-request.ts";

export const tokens: Command = {
  summary: "list, create or revoke tokens",
  usage: "list | create --scope <scopes> | revoke <id>",
  examples: [
    "dimmer tokens list",
    "dimmer tokens create --scope read,observe --name checkout --environment production",
    "export DIMMER_TOKEN=$(dimmer tokens create --scope read --for 30d)",
    "dimmer tokens create --scope kill,revive --name on-call --all-environments",
    "dimmer tokens revoke 5f0c2e9ab81d4476",
  ],
  options: tokenOptions,
  async run(invocation) {
    refuseSecrets(invocation);
    const verb = requireArgument(invocation.positionals, 0, "what to do: list, create or revoke");
    refuseOptionsOfOthers("tokens", verb, invocation.options, takenBy);
    switch (verb) {
      case "list":
        return await list(invocation);
      case "create":
        return await create(invocation);
      case "revoke":
        return await revoke(invocation);
      default:
        throw new DimmerError("usage", `'tokens ${verb}' is no command: use list, create or revoke.`);
    }
  },
};

/** --environment says here what the new token is good for; the others know no environment. */
const takenBy: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  [...Object.keys(tokenOptions), "environment"].map((name) => [name, ["create"]]),
);

/** Everything said here may be repeated in a message, or stored as a name. */
function refuseSecrets({ positionals, options }: Invocation): void {
  const said = [...positionals, ...Object.entries(options).map(([name, value]) => (name === "token" ? "" : value))];
  const id = said.map((text) => /dimmer_([0-9a-f]{16})_/.exec(String(text))?.[1]).find((found) => found !== undefined);
  if (id !== undefined)
    throw new DimmerError(
      "usage",
      `The secret of a token stands where its id or a name should. It ends with 'dimmer tokens revoke ${id}'.`,
    );
}

async function list(invocation: Invocation): Promise<number> {
  refuseMore(invocation.positionals, 1);
  const known = await connect(invocation).client.listTokens();
  const rows = known.map((token) => [token.id, token.name, ...describeReach(token)]);
  invocation.output.result(known, alignColumns(rows).join("\n"));
  return 0;
}

async function create(invocation: Invocation): Promise<number> {
  const { positionals, output } = invocation;
  refuseMore(positionals, 1);
  const body = readTokenRequest(invocation, Date.now());
  const created = await connect(invocation).client.createToken({ body });
  const undo = `dimmer tokens revoke ${created.id}`;
  // The secret alone on stdout, so that $(…) takes it; --json has everything in one document.
  output.result({ ...created, undo }, created.secret);
  if (!output.isJson)
    output.say(
      [
        `${output.paint("green", "created")} ${created.name}: ${describeReach(created).filter(isSaid).join(", ")}`,
        "  its secret is shown this once; the control plane keeps only a hash of it",
        `  undo: ${undo}`,
      ].join("\n"),
    );
  return 0;
}

async function revoke(invocation: Invocation): Promise<number> {
  const { positionals, output } = invocation;
  refuseMore(positionals, 2);
  const id = requireArgument(positionals, 1, "the id of the token; 'dimmer tokens list' shows it");
  const { client } = connect(invocation);
  const token = (await client.listTokens()).find((one) => one.id === id);
  const isRevoked = token !== undefined && (await client.deleteToken({ params: { token: id } })).deleted;
  if (!isRevoked) throw new DimmerError("token_not_found", `There is no token '${id}'.`, { token: id });
  const another = createCommandOf(token);
  const lines = [
    `${output.paint("red", "revoked")} ${token.name}: it opens nothing any more`,
    `  no undo; another like it: ${another}`,
  ];
  output.result({ ...token, another }, lines.join("\n"));
  return 0;
}

/** What it may do, where, and until when. */
function describeReach({ scopes, environment, expiresAt }: Token): string[] {
  const end = expiresAt === undefined ? "" : `until ${expiresAt.slice(0, 16).replace("T", " ")} UTC`;
  return [scopes.join(","), environment === null ? "all environments" : `environment ${environment}`, end];
}

function isSaid(text: string): boolean {
  return text !== "";
}
