/** The API's description, generated from the contract: OpenAPI 3.1, whose schemas are JSON Schema 2020-12. */
import { contract, routes, type RouteForms, type RouteName } from "@dimmer/spec";
import { errorTable } from "@dimmer/spec/errors";
import { z } from "zod";

type Json = Readonly<Record<string, unknown>>;

let built: Json | undefined;

/** The document; made once. */
export function openApiDocument(): Json {
  built ??= buildDocument();
  return built;
}

function buildDocument(): Json {
  const schemas: Record<string, unknown> = { Error: errorSchema };
  const paths: Record<string, Record<string, unknown>> = {};
  // Object.keys forgets the literal type of the keys of a closed table.
  for (const name of Object.keys(routes) as RouteName[]) {
    const { method, path } = routes[name];
    const address = path.replaceAll(/:([a-zA-Z]+)/g, "{$1}");
    paths[address] = { ...paths[address], [method.toLowerCase()]: operation(name, schemas) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Dimmer control plane",
      version: "1",
      description: "Flags, stages, kills and rollouts. Every error is an Error body with a code of a closed table.",
    },
    paths,
    components: { schemas, securitySchemes: { token: { type: "http", scheme: "bearer" } } },
    security: [{ token: [] }],
  };
}

function operation(name: RouteName, schemas: Record<string, unknown>): Json {
  const route = routes[name];
  const forms: RouteForms = contract[name];
  const contentType = name === "stream" ? "text/event-stream" : "application/json";
  return {
    operationId: name,
    summary: route.summary,
    description: `Needs the scope \`${route.scope}\`.`,
    parameters: [...pathParameters(route.path), ...queryParameters(name, forms, schemas)],
    ...(forms.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { "application/json": { schema: schemaOf(forms.body, "input", `${name}Request`, schemas) } },
          },
        }),
    responses: {
      "200": {
        description: "Done.",
        content: { [contentType]: { schema: schemaOf(forms.response, "output", `${name}Response`, schemas) } },
      },
      default: {
        description: "Refused.",
        content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
      },
    },
  };
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/:([a-zA-Z]+)/g)].map((match) => ({
    name: match[1],
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
}

function queryParameters(name: RouteName, forms: RouteForms, schemas: Record<string, unknown>): Json[] {
  if (!(forms.query instanceof z.ZodObject)) return [];
  const fields: Record<string, z.core.$ZodType> = forms.query.shape;
  return Object.entries(fields).map(([field, form]) => {
    const { description, ...schema } = schemaOf(form, "output", `${name}${field}`, schemas);
    return {
      name: field,
      in: "query",
      required: false,
      schema,
      ...(typeof description === "string" ? { description } : {}),
    };
  });
}

/** A form as JSON Schema; what it defines on the way moves to the components, where references of one document can reach it. */
function schemaOf(form: z.core.$ZodType, io: "input" | "output", name: string, schemas: Record<string, unknown>): Json {
  const { $schema: _schema, $defs, ...schema } = z.toJSONSchema(form, { io, unrepresentable: "any" });
  for (const [key, definition] of Object.entries($defs ?? {}))
    schemas[`${name}.${key}`] = moveReferences(definition, name);
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, moveReferences(value, name)]));
}

function moveReferences(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((member) => moveReferences(member, name));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]: [string, unknown]) =>
      key === "$ref" && typeof member === "string"
        ? [key, member.replace("#/$defs/", `#/components/schemas/${name}.`)]
        : [key, moveReferences(member, name)],
    ),
  );
}

const errorSchema: Json = {
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["code", "message", "fix"],
      properties: {
        code: { type: "string", enum: Object.keys(errorTable) },
        message: { type: "string", description: "What was wrong, and which value." },
        fix: { type: "string", description: "What to do about it." },
        details: { type: "object" },
      },
    },
  },
};
