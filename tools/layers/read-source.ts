// Reads what a source file takes from others. Uses the parser that rolldown ships, because TypeScript 7 has no
// compiler interface and regular expressions cannot tell a type import from a value import.
import { parseSync, Visitor } from "rolldown/utils";
import type { ESTree } from "rolldown/utils";

/** One import, re-export, dynamic import, `import("x").T` type or `import.meta.resolve("x")`. */
export type Import = {
  specifier: string;
  /** True when nothing of it is left at run time. */
  isTypeOnly: boolean;
  line: number;
};

/** What the layer check needs to know of one file. */
export type Source = {
  imports: readonly Import[];
  /** Lines of `export * from`. */
  starExports: readonly number[];
  /** Lines of `new Date()` and `Date()`, which read the clock. */
  clockReads: readonly number[];
};

/**
 * Parses one file.
 * @throws when the text cannot be parsed, with the parser's own message.
 */
export function readSource(file: string, text: string): Source {
  const { program, module, errors } = parseSync(file, text);
  const [firstError] = errors;
  if (firstError !== undefined) throw new Error(`${file} cannot be parsed: ${firstError.message}`);

  const imports: Import[] = [];
  const starExports: number[] = [];
  const clockReads: number[] = [];
  const lineOf = (offset: number): number => text.slice(0, offset).split("\n").length;
  const add = (specifier: string, isTypeOnly: boolean, offset: number): void => {
    imports.push({ specifier, isTypeOnly, line: lineOf(offset) });
  };

  for (const statement of module.staticImports) {
    const isTypeOnly = statement.entries.length > 0 && statement.entries.every((entry) => entry.isType);
    add(statement.moduleRequest.value, isTypeOnly, statement.start);
  }
  for (const statement of module.staticExports) {
    const [first] = statement.entries;
    if (first?.moduleRequest === undefined || first.moduleRequest === null) continue;
    const isTypeOnly = statement.entries.every((entry) => entry.isType);
    add(first.moduleRequest.value, isTypeOnly, statement.start);
    if (first.importName.kind === "AllButDefault") starExports.push(lineOf(statement.start));
  }

  const isDate = (node: ESTree.Expression): boolean => node.type === "Identifier" && node.name === "Date";
  new Visitor({
    ImportExpression({ source, start }) {
      if (source.type === "Literal" && typeof source.value === "string") add(source.value, false, start);
    },
    TSImportType({ source, start }) {
      add(source.value, true, start);
    },
    CallExpression({ callee, arguments: [argument], start }) {
      if (isDate(callee)) clockReads.push(lineOf(start));
      const isResolve =
        callee.type === "MemberExpression" &&
        callee.object.type === "MetaProperty" &&
        callee.property.type === "Identifier" &&
        callee.property.name === "resolve";
      if (isResolve && argument?.type === "Literal" && typeof argument.value === "string") {
        add(argument.value, false, start);
      }
    },
    NewExpression({ callee, arguments: given, start }) {
      if (isDate(callee) && given.length === 0) clockReads.push(lineOf(start));
    },
  }).visit(program);

  return { imports, starExports, clockReads };
}
