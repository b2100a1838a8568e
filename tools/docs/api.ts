// docs/api.md: the control plane's calls and the forms they take, made from the routes and the contract.
import { z } from "zod";
import * as spec from "@dimmer/spec";
import { contract, routes, type RouteForms, type RouteName } from "@dimmer/spec";
import { code, keepDocument, table } from "../reference/keep-document.ts";
import { FormDescriber } from "../reference/describe-forms.ts";

// Forms worth a name of their own: objects that are exported. Small parts read better where they stand.
const named = new Map(
  Object.entries(spec).flatMap(([name, value]): [string, z.ZodType][] =>
    value instanceof z.ZodObject || value instanceof z.ZodDiscriminatedUnion
      ? [[name.slice(0, 1).toUpperCase() + name.slice(1), value]]
      : [],
  ),
);
const describer = new FormDescriber(named);
const used = new Set<string>();

const calls = Object.entries(routes).map(([name, route]) => {
  // The contract has an entry for every route; its type says so, and this only forgets which has which form.
  const forms: RouteForms = contract[name as RouteName];
  return [
    code(`${route.method} ${route.path.replace("/api/v1/environments/:environment", "…")}`),
    route.scope,
    route.summary,
    [forms.query === undefined ? "" : `query ${show(forms.query)}`, forms.body === undefined ? "" : show(forms.body)]
      .filter(Boolean)
      .join("; ") || "–",
    show(forms.response),
  ];
});

// Forms use forms: go on until no new name comes up.
const described = new Map<string, ReturnType<FormDescriber["form"]>>();
for (const name of used) {
  const schema = named.get(name);
  if (schema === undefined) continue;
  const form = describer.form(name, schema);
  described.set(name, form);
  for (const text of [form.alias, ...form.members.map((member) => member.form)]) note(text);
}

keepDocument("docs/api.md", "packages/spec/src/routes.ts and contract.ts", [
  "# The control plane's API",
  "",
  "JSON over HTTP; `/openapi.json` of a running control plane says the same as OpenAPI 3.1. Every call needs `Authorization: Bearer <token>`, with a token that carries the call's scope: `admin` includes all, `operate` includes `kill` and `revive`. Errors are in [errors.md](errors.md). `/healthz` and `/readyz` need no token, nor does `/proof`, by which a local server [proves its folder](adr/0020-servers-prove-their-folder.md). `/metrics`, in Prometheus's text format, needs none on loopback; a server that listens elsewhere asks for one with the scope `read` for all environments (`authorization: { credentials_file: … }` of a scrape configuration), unless it was started with `--metrics-open`.",
  "",
  "`…` stands for `/api/v1/environments/:environment`.",
  "",
  ...table(["call", "scope", "what", "takes", "answers"], calls),
  "",
  "The stream sends server-sent events: first the whole present state of each topic asked for, then every change, always as the whole new state. `Last-Event-ID` spares a reader what it has.",
  "",
  "## Forms",
  "",
  "`?` marks what may be left out; what has a default is always there in answers.",
  ...[...described.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name, meaning, members, alias }) => [
      "",
      `### ${name}`,
      "",
      ...(meaning === "" ? [] : [`${meaning}.`, ""]),
      ...(alias === ""
        ? table(
            ["member", "form", "meaning"],
            members.map((member) => [
              code(`${member.name}${member.isOptional ? "?" : ""}`),
              link(member.form),
              member.meaning,
            ]),
          )
        : [link(alias)]),
    ]),
]);

function show(schema: z.ZodType): string {
  const text = describer.brief(schema);
  note(text);
  return link(text);
}

function note(text: string): void {
  for (const [name] of text.matchAll(/\b[A-Z]\w+\b/g)) if (named.has(name)) used.add(name);
}

/** Names lead to their form; everything else is code. */
function link(text: string): string {
  return text
    .split(new RegExp(`\\b(${[...named.keys()].join("|")})\\b`))
    .map((part, index) => (part === "" ? "" : index % 2 === 1 ? `[${part}](#${part.toLowerCase()})` : code(part)))
    .join("");
}
