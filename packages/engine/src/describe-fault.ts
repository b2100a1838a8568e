/**
 * Faults in words. The sentences weigh a sixth of the engine and only who shows faults to people needs them, so they
 * are an entry of their own.
 */
import type { Fault, FaultCode } from "./fault.ts";
import { limits } from "./limits.ts";

/** A fault as people read it. */
export interface DescribedFault extends Omit<Fault, "details"> {
  /** What is wrong there, in one sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
}

/**
 * Puts a fault of `compile`, `overlay` or `expandShortForm` in words.
 *
 * @example
 * const result = compile({ flags: { greeting: { state: "ON", variants: { on: true, off: false } } } });
 * if (!result.ok) result.faults.map(describeFault); // [{ …, fix: 'Write "state": "ENABLED".' }]
 */
export function describeFault({ pointer, code, value, details = [] }: Fault): DescribedFault {
  const path = pointer.split("/").slice(1).map(unescapeToken);
  const name = path.at(-1) ?? "";
  const [message, fix] = sentences[code]({ path, name, value, details });
  return { pointer, code, message, ...(value !== undefined && { value }), fix };
}

/** What a sentence may speak of. */
interface Place {
  /** The pointer's parts. */
  readonly path: readonly string[];
  /** The last of them. */
  readonly name: string;
  readonly value: Fault["value"];
  readonly details: readonly (string | number)[];
}

type Sentence = (place: Place) => readonly [message: string, fix: string];

const sentences: Readonly<Record<FaultCode, Sentence>> = {
  "not-object": notObject,
  "not-text": ({ path, name }) =>
    isEntry(path)
      ? ["This entry must be text.", "Write it in quotes."]
      : [`'${name}' must be text.`, "Write it in quotes, or leave it out."],
  "not-texts": ({ name }) => [`'${name}' must be a list of texts.`, 'Write ["a", "b"], or leave it out.'],
  "not-plain": () => ["This must be a text, a number or a boolean.", "Write one."],
  "not-plain-list": () => ["This must be a list of texts, numbers or booleans.", 'Write {"plan": ["pro", "team"]}.'],
  "not-version": ({ name }) => [
    `'${name}' must be a whole number from 0 up.`,
    "Leave it out of files; the control plane sets it.",
  ],
  "not-percentage": ({ name }) => [`'${name}' must be a number from 0 to 100.`, "Write such a number."],
  "not-instant": ({ name }) => [
    `'${name}' must be a date and time with its offset.`,
    "Write it as 2026-03-01T09:00:00Z.",
  ],
  "not-boolean": ({ name }) => [`'${name}' must be true or false.`, `Write "${name}": false.`],
  missing: ({ name }) =>
    name === "flags"
      ? ["There are no 'flags'.", "Put the flags under 'flags'; a short-form file is expanded by 'dimmer init --from'."]
      : [`'${name}' is missing.`, "Write a number from 0 to 100."],
  "bad-name": ({ name }) => [
    name === "" || name.length > limits.nameLength
      ? `A name has 1 to ${limits.nameLength} characters.`
      : `'${name}' cannot be a name.`,
    "Choose another name.",
  ],
  // Without the name of a strategy it is the short form that does not know the member.
  "unknown-member": ({ name, details: [strategy = "", ...known] }) =>
    strategy === ""
      ? ["The short form does not know this.", `Use ${known.join(", ")}, or write the full form.`]
      : [
          `The strategy '${strategy}' has no '${name}'.`,
          `Remove it; besides 'type' it takes ${known.join(", ") || "nothing"}.`,
        ],

  "too-many-flags": ({ details: [count = "more"] }) => [
    `A set has at most ${limits.flags} flags; this one has ${count}.`,
    "Split it into several sets.",
  ],
  "same-key": ({ value }) => [`There is another flag '${value}' before this one.`, "Keep one of them."],
  "unknown-bucketing": ({ name, details }) => [
    `'${name}' must be one of: ${details.join(", ")}.`,
    "Write one that this engine knows.",
  ],
  "unknown-state": () => ["'state' must be ENABLED or DISABLED.", 'Write "state": "ENABLED".'],
  "unknown-variant": ({ path, name, details }) => [
    isEntry(path) ? "This names no variant of this flag." : `'${name}' names no variant of this flag.`,
    `Use one of: ${details.join(", ")}.`,
  ],
  "no-variants": () => ["A flag has at least one variant.", 'Write "variants": {"on": true, "off": false}.'],
  "not-variant": () => ["A variant is a boolean, a text, a number or an object.", "Wrap a list into an object."],
  "mixed-types": ({ details: [own = "different one", first = "other"] }) => [
    `All variants have one type; this one is a ${own}, the first a ${first}.`,
    `Write a ${first}.`,
  ],
  "unsafe-number": () => [
    "A number beyond ±(2^53 − 1) does not survive every client.",
    "Write a smaller number, or text.",
  ],
  "unfit-object": () => [
    `An object variant holds JSON values, nests at most ${limits.depth} deep, has at most ${limits.nodesPerFlag} nodes and no '__proto__'.`,
    "Make it smaller, or remove what JSON does not have.",
  ],
  "unknown-strategy": ({ details }) => ["There is no such strategy.", `Use one of: ${details.join(", ")}.`],
  "too-precise": ({ name, details: [rounded = 0] }) => [`'${name}' has more than three decimals.`, `Write ${rounded}.`],
  "no-attribute": ({ name }) => [`'${name}' names an attribute.`, "Name one, or leave it out."],
  "ends-early": ({ name }) => [`'${name}' must come at least a second after 'start'.`, "Move one of them."],
  "no-on-variant": () => [
    "A strategy needs a variant to expose, and this flag has no on-variant.",
    "Name it first in 'onVariants'.",
  ],
  "no-off-variant": () => [
    "Those outside of the exposure would be served an on-variant.",
    "Set 'defaultVariant' or 'safeVariant' to a variant that is not in 'onVariants'.",
  ],
  "unknown-flag": () => ["There is no flag with this key.", "Correct the key, or add the flag."],
  "never-on": ({ value }) => [
    `'${value}' can never be on: it has no on-variant.`,
    `Declare 'onVariants' on '${value}'.`,
  ],
  "needs-too-many": () => [
    `This flag needs more than ${limits.prerequisites} others, counting what they need.`,
    "Group them behind one master flag.",
  ],
  circle: ({ path, details }) =>
    path[0] === "$evaluators"
      ? [`Evaluators refer to each other in a circle: ${details.join(" → ")}.`, "Break the circle."]
      : [`Flags need each other in a circle: ${details.join(" → ")}.`, "Remove one of these prerequisites."],

  "several-operators": ({ details }) => [
    "An operation has exactly one operator.",
    `Keep one of: ${details.join(", ")}.`,
  ],
  "unknown-operator": () => ["There is no such operator.", "Use an operator of flagd's targeting schema."],
  "unknown-evaluator": () => [
    "'$ref' names no evaluator of this set.",
    "Add it under '$evaluators', or correct the name.",
  ],
  "unknown-property": ({ value }) => [`There is no '${value}'.`, "Use $flagd.flagKey or $flagd.timestamp."],
  "wrong-arguments": ({ name }) => wrongArguments(name),
  "too-deep": () => [
    `Targeting nests deeper than ${limits.depth} operators.`,
    "Flatten it; 'or' and 'and' take any number of conditions.",
  ],
  "flag-too-large": () => [
    `The targeting of this flag is larger than ${limits.nodesPerFlag} nodes.`,
    "Shorten it, or keep long lists in the context.",
  ],
  "set-too-large": () => [
    `The targeting of this set is larger than ${limits.nodes} nodes.`,
    "Split the set into several.",
  ],
  "not-json": ({ details: [type = "value of this kind"] }) => [
    `A ${type} is no JSON value.`,
    "Write a value that JSON has.",
  ],
  "gives-nothing": () => ["This gives nothing, whoever asks.", "Correct its arguments, or write null."],
  "key-constant": () => [
    "The key to bucket by is the same for everybody.",
    'Name an attribute: {"var": "targetingKey"}.',
  ],
  "not-arm": () => ["An arm of 'fractional' is a list of a variant and a weight.", 'Write ["variant", 10].'],
  "arm-not-variant": () => ["A list or an object names no variant.", "Name a variant."],
  "weight-not-integer": () => [
    "A weight must be an integer from 0 up.",
    "Scale all weights up until they are integers.",
  ],
  "too-heavy": ({ details: [total = "more"] }) => [
    `The weights add up to ${total}, more than ${limits.totalWeight}.`,
    "Use smaller weights in the same proportions.",
  ],
  "no-weight": () => ["All weights of this 'fractional' are zero.", "Give at least one arm a weight."],
  "unknown-comparison": () => ["'sem_ver' does not know this operator.", "Use one of = != < <= > >= ^ ~."],
  "not-sem-ver": () => ["This is no semantic version.", "Write major.minor.patch, such as 1.2.0."],

  "not-short-form": () => [
    "This is not the short form.",
    'Write {"my_flag": {"enabled": false}}, without a member \'flags\'.',
  ],

  "unknown-override": ({ name }) => [
    `There is no flag '${name}' to override.`,
    "Correct the key, or remove the override.",
  ],
  locked: ({ name, details: [reason = ""] }) => [`'${name}' is locked: ${reason}`, "Remove the override."],
  "unknown-value": ({ name, details }) => [
    `No variant of '${name}' has this value.`,
    `Use one of: ${details.join(", ")}.`,
  ],

  more: ({ details: [count = "Many"] }) => [`${count} more findings are not listed.`, "Correct these first."],
};

/** How an object is written, by the name of what must be one. */
const objectExamples: Readonly<Record<string, string>> = {
  flags: 'Write the flags by key: {"my-flag": {…}}.',
  targeting: 'Write {"if": […]}, or leave it out.',
  strategy: 'Write {"type": "percentage", "percentage": 10}.',
  metadata: "Write texts, numbers and booleans by name, or leave it out.",
  attributes: "Write lists of values by name, or leave it out.",
};

function notObject({ path, name }: Place): readonly [string, string] {
  if (path.length === 0) return ["A flag set must be an object.", 'Write {"flags": {…}}.'];
  if (path.length === 1 && name !== "flags" && name !== "metadata" && name !== "$evaluators") {
    return ["A flag in the short form is an object.", 'Write {"enabled": false}.'];
  }
  if (path.length === 2 && path[0] === "flags") {
    return ["A flag must be an object.", 'Write {"state": "ENABLED", "variants": {…}, "defaultVariant": "…"}.'];
  }
  return [`'${name}' must be an object.`, objectExamples[name] ?? "Write {…}, or leave it out."];
}

/** What an operator takes, and how it is written. */
const operatorArguments: Readonly<Record<string, readonly [takes: string, example: string]>> = {
  var: ["the name of an attribute", '{"var": "plan"}'],
  missing_some: ["a number and a list of names", '{"missing_some": [1, ["a", "b"]]}'],
  if: ["a list: condition, result, and what holds otherwise", '{"if": [{…}, "on", "off"]}'],
  and: ["a list of conditions", '{"and": [{…}, {…}]}'],
  or: ["a list of conditions", '{"or": [{…}, {…}]}'],
  in: ["what to look for and where to look", '{"in": [{"var": "attribute"}, ["a", "b"]]}'],
  sem_ver: ["a version, an operator and a version", '{"sem_ver": [{"var": "version"}, ">=", "1.2.0"]}'],
  starts_with: ["exactly two texts", '{"starts_with": [{"var": "attribute"}, "text"]}'],
  ends_with: ["exactly two texts", '{"ends_with": [{"var": "attribute"}, "text"]}'],
  fractional: ["a list of [variant, weight] pairs", '{"fractional": [["on", 10], ["off", 90]]}'],
};

const iterations: ReadonlySet<string> = new Set(["map", "filter", "reduce", "all", "some", "none"]);

function wrongArguments(operator: string): readonly [string, string] {
  const known = operatorArguments[operator];
  if (known !== undefined) return [`'${operator}' takes ${known[0]}.`, `Write ${known[1]}.`];
  if (iterations.has(operator)) {
    return [
      `'${operator}' takes a list and what to do with its elements.`,
      `Write {"${operator}": [{"var": "list"}, {…}]}.`,
    ];
  }
  return [`'${operator}' compares two operands.`, `Write {"${operator}": [{"var": "attribute"}, 1]}.`];
}

function isEntry(path: readonly string[]): boolean {
  return /^\d+$/.test(path.at(-1) ?? "");
}

function unescapeToken(token: string): string {
  return token.replaceAll("~1", "/").replaceAll("~0", "~");
}
