/** `dimmer flags`: list, get, set, import, explain. */
import { parseKillSwitchKey } from "@dimmer/spec/kill-set";
import { DimmerError } from "@dimmer/spec/errors";
import type { Edit, Flag } from "@dimmer/spec";
import { parseFlagValue, parseShare, refuseMore, requireArgument } from "../arguments.ts";
import { stringOption, type Command, type Invocation, type OptionValues } from "../command.ts";
import { connect } from "../connection.ts";
import { describeChange } from "../output/change.ts";
import { drawFlagTable, drawFlag } from "../output/flag-table.ts";
import { readReason, reasonOption } from "../reason-option.ts";
import { refuseOptionsOfOthers } from "../refuse-options-of-others.ts";

export const flags: Command = {
  summary: "list, get, set, import or explain flags",
  usage: "list | get <key> | set <key> <value> | import <file> | explain <key>",
  examples: [
    "dimmer flags list",
    "dimmer flags set ai.streaming.enabled true",
    "dimmer flags set orchestration_shadow --percentage 25",
    "dimmer flags set ai.killswitch.provider.google true",
    "dimmer flags import flags.yaml --reason 'moved from flagd'",
    "dimmer flags explain phase_4_deployment --user user-17",
  ],
  options: {
    reason: { ...reasonOption.reason, description: `set, import: ${reasonOption.reason.description}` },
    percentage: {
      type: "string",
      value: "<0-100>",
      description: "set, instead of a value: serve the on-variant to this share",
    },
    definition: {
      type: "string",
      value: "<json>",
      description: "set, instead of a value: the whole definition; creates the flag if there is none",
    },
    remove: { type: "boolean", description: "set, instead of a value: remove the flag" },
    user: { type: "string", value: "<id>", description: "explain: the targeting key" },
    context: { type: "string", value: "<json>", description: "explain: more attributes, as a JSON object" },
  },
  async run(invocation) {
    const verb = requireArgument(invocation.positionals, 0, "what to do: list, get, set, import or explain");
    refuseOptionsOfOthers("flags", verb, invocation.options, takenBy);
    switch (verb) {
      case "list":
        return await list(invocation);
      case "get":
        return await get(invocation);
      case "set":
        return await set(invocation);
      case "import":
        return await importFile(invocation);
      case "explain":
        return await explainFlag(invocation);
      default:
        throw new DimmerError("usage", `'flags ${verb}' is no command: use list, get, set, import or explain.`);
    }
  },
};

/** The verbs that take an option. */
const takenBy: Readonly<Record<string, readonly string[]>> = {
  reason: ["set", "import"],
  percentage: ["set"],
  definition: ["set"],
  remove: ["set"],
  user: ["explain"],
  context: ["explain"],
};

async function list(invocation: Invocation): Promise<number> {
  refuseMore(invocation.positionals, 1);
  const { client, params } = connect(invocation);
  const views = await client.listFlags({ params });
  invocation.output.result(views, drawFlagTable(views, invocation.output));
  return 0;
}

async function get(invocation: Invocation): Promise<number> {
  refuseMore(invocation.positionals, 2);
  const key = requireArgument(invocation.positionals, 1, "which flag");
  const { client, params } = connect(invocation);
  const killSwitch = parseKillSwitchKey(key);
  if (killSwitch !== undefined) {
    const { active } = await client.getKills({ params });
    const isKilled = active.some((kill) => kill.scope === killSwitch.scope && kill.target === killSwitch.target);
    invocation.output.result({ key, value: isKilled }, `${key}  ${isKilled}`);
    return 0;
  }
  const view = await client.getFlag({ params: { ...params, flag: key } });
  invocation.output.result(view, drawFlag(view, invocation.output));
  return 0;
}

async function set(invocation: Invocation): Promise<number> {
  const { positionals, options, output } = invocation;
  refuseMore(positionals, 3);
  const key = requireArgument(positionals, 1, "which flag");
  const edit = parseEdit(key, positionals[2], options);
  const reason = readReason(options);
  const { client, params } = connect(invocation);
  const result = await client.applyChangeSet({
    params,
    body: { edits: [edit], reason },
  });
  output.result(result, describeChange(result, output));
  return 0;
}

/** The one thing that is to be done with the flag. */
function parseEdit(key: string, value: string | undefined, options: OptionValues): Edit {
  const percentage = stringOption(options, "percentage");
  const definition = stringOption(options, "definition");
  const edits: Edit[] = [];
  if (value !== undefined) edits.push({ type: "serve", flag: key, value: parseFlagValue(value) });
  if (percentage !== undefined)
    edits.push({
      type: "expose",
      flag: key,
      strategy: { type: "percentage", percentage: parseShare("--percentage", percentage) },
    });
  if (definition !== undefined) edits.push({ type: "put", flag: key, definition: parseDefinition(definition) });
  if (options["remove"] === true) edits.push({ type: "remove", flag: key });
  const [edit, more] = edits;
  if (edit === undefined || more !== undefined)
    throw new DimmerError("usage", "Say exactly one of a value, --percentage, --definition and --remove.");
  return edit;
}

function parseDefinition(text: string): Flag {
  // What is an object is for the server to judge: it lists every fault by its place.
  return parseObject(
    "--definition",
    text,
    '{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"off"}',
  ) as Flag;
}

/** Puts every flag of a file into the control plane, at once; flags the file does not name stay as they are. */
async function importFile(invocation: Invocation): Promise<number> {
  const { positionals, options, output } = invocation;
  refuseMore(positionals, 2);
  const path = requireArgument(positionals, 1, "which file");
  const reason = readReason(options);
  const [{ readFlagDefinitions }, { flagFileEdits }] = await Promise.all([
    import("../read-flag-definitions.ts"),
    import("../flag-file-edits.ts"),
  ]);
  const file = await readFlagDefinitions(path);
  const { client, params } = connect(invocation);
  const { bucketing, version } = await client.getFlagSet({ params });
  if (file.compiled.bucketing !== bucketing)
    throw new DimmerError(
      "usage",
      `${path} buckets by ${file.compiled.bucketing} and the environment by ${bucketing}: users would change arms. Say "bucketing": "${bucketing}" in the file to take that.`,
    );
  const result = await client.applyChangeSet({
    params,
    body: { edits: [...flagFileEdits(file)], reason, ifVersion: version },
  });
  output.result(result, describeChange(result, output));
  return 0;
}

async function explainFlag(invocation: Invocation): Promise<number> {
  refuseMore(invocation.positionals, 2);
  const key = requireArgument(invocation.positionals, 1, "which flag");
  const user = stringOption(invocation.options, "user");
  const context = {
    ...parseContext(stringOption(invocation.options, "context")),
    ...(user === undefined ? {} : { targetingKey: user }),
  };
  const { client, params } = connect(invocation);
  const [flagSet, kills] = await Promise.all([client.getFlagSet({ params }), client.getKills({ params })]);
  const { explainAsText } = await import("../output/explanation.ts");
  const { explanation, text } = explainAsText({ flagSet, kills: kills.active, key, context, nowMs: Date.now() });
  invocation.output.result(explanation, text);
  return 0;
}

function parseContext(text: string | undefined): Record<string, unknown> {
  return text === undefined ? {} : parseObject("--context", text, '{"region":"eu"}');
}

function parseObject(name: string, text: string, example: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Falls through to the error below: not JSON and not an object are the same mistake.
  }
  throw new DimmerError("usage", `${name} is '${text}', which is no JSON object: write '${example}'.`);
}
