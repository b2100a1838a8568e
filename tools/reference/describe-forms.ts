// The wire's forms in brief, from their schemas: `{name: string, reason?: string = ""}`, with the forms that have a name
// called by it.
import { z } from "zod";

/** JSON Schema, as far as zod writes it. */
type Schema = {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: boolean | Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  description?: string;
  pattern?: string;
  format?: string;
};

/** One member of a form. */
export type Member = { name: string; form: string; isOptional: boolean; meaning: string };

/** A form that has a name. */
export type Form = { name: string; meaning: string; members: Member[]; alias: string };

/** Describes schemas by the names given to some of them. */
export class FormDescriber {
  readonly #properties = new Map<string, Readonly<Record<string, Schema>>>();

  /** @param named schemas by the name of their form. */
  constructor(named: ReadonlyMap<string, z.ZodType>) {
    // zod's own registry, because the descriptions of schemas and of their members are there.
    for (const [id, schema] of named) z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id });
    for (const [name, schema] of named) this.#properties.set(name, ownSchema(name, toJson(schema)).properties ?? {});
  }

  /** One schema in a line. A form that only adds members to a named one says so. */
  brief(schema: z.ZodType): string {
    const json = toJson(schema);
    const base = json.properties === undefined ? undefined : this.#largestIn(json.properties);
    if (base === undefined) return write(json);
    const added = Object.entries(json.properties ?? {}).filter(([name]) => !Object.hasOwn(base.properties, name));
    return `${base.name} & ${write({ ...json, properties: Object.fromEntries(added) })}`;
  }

  /** A form, member by member; those that are no objects have only an alias. */
  form(name: string, schema: z.ZodType): Form {
    const own = ownSchema(name, toJson(schema));
    const required = new Set(own.required);
    const members = Object.entries(own.properties ?? {}).map(([member, value]) => ({
      name: member,
      form: write(value),
      isOptional: !required.has(member),
      meaning: [
        value.description ?? "",
        value.default === undefined ? "" : `default \`${JSON.stringify(value.default)}\``,
      ]
        .filter(Boolean)
        .join("; "),
    }));
    return { name, meaning: own.description ?? "", members, alias: own.properties === undefined ? write(own) : "" };
  }

  /** The largest named form all of whose members are among these. */
  #largestIn(
    properties: Readonly<Record<string, Schema>>,
  ): { name: string; properties: Readonly<Record<string, Schema>> } | undefined {
    const inside = [...this.#properties].filter(([, own]) =>
      Object.entries(own).every(([name, value]) => JSON.stringify(value) === JSON.stringify(properties[name])),
    );
    const [largest] = inside.sort(([, a], [, b]) => Object.keys(b).length - Object.keys(a).length);
    return largest === undefined || Object.keys(largest[1]).length < 2
      ? undefined
      : { name: largest[0], properties: largest[1] };
  }
}

type Document = Schema & { $defs?: Record<string, Schema> };

function toJson(schema: z.ZodType): Document {
  // What zod writes is JSON Schema; only the parts above are read.
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Document;
}

/** A named schema at the root stands among the definitions itself. */
function ownSchema(name: string, json: Document): Schema {
  return json.$ref === undefined ? json : (json.$defs?.[name] ?? json);
}

function write(schema: Schema): string {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1);
    // zod's own name for a form that holds itself, which only JSON does here.
    return name.startsWith("__schema") ? "any JSON" : name;
  }
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) return alternatives.map(write).join(" | ");
  if (Array.isArray(schema.type)) return schema.type.join(" | ");
  switch (schema.type) {
    case "object":
      return writeObject(schema);
    case "array":
      return writeList(write(schema.items ?? {}));
    case "integer":
      return "integer";
    case "string":
      return schema.format === "date-time" ? "date-time" : "string";
    case undefined:
      return "any JSON";
    default:
      return schema.type;
  }
}

function writeList(item: string): string {
  return /^[\w-]+$/.test(item) ? `${item}[]` : `(${item})[]`;
}

function writeObject({ properties = {}, required = [], additionalProperties }: Schema): string {
  const members = Object.entries(properties).map(
    ([name, value]) => `${name}${required.includes(name) ? "" : "?"}: ${write(value)}`,
  );
  if (members.length > 0) return `{${members.join(", ")}}`;
  return typeof additionalProperties === "object" ? `{[name]: ${write(additionalProperties)}}` : "object";
}
