/** Parses what came in by its form, and says what is wrong with it: the field, the value, what would be right. */
import { DimmerError } from "@dimmer/spec/errors";
import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** One fault of a request. */
interface RequestFault {
  /** JSON pointer into the body or the query. */
  readonly pointer: string;
  readonly message: string;
}

/**
 * @throws `invalid_request` with every fault.
 */
export function parseForm(form: z.ZodType, input: unknown, part: "body" | "query"): unknown {
  const result = form.safeParse(input, { reportInput: true });
  if (result.success) return result.data;
  const faults = result.error.issues.flatMap((issue) => describeIssue(issue, []));
  const message = faults.map((fault) => `${part}${fault.pointer}: ${fault.message}`).join("; ");
  throw new DimmerError("invalid_request", `The request is not valid: ${message}.`, { part, faults });
}

function describeIssue(issue: Issue, parentPath: readonly PropertyKey[]): RequestFault[] {
  const path = [...parentPath, ...issue.path];
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const expected = typesExpected(issue.errors);
    if (expected !== undefined) return [faultAt(path, `Invalid input: expected ${expected}`, issue.input)];
    // The branch that got furthest is the one that was meant.
    const [meant] = [...issue.errors].sort((a, b) => furthest(b) - furthest(a));
    return (meant ?? []).flatMap((inner) => describeIssue(inner, path));
  }
  return [faultAt(path, issue.message, issue.input)];
}

function faultAt(path: readonly PropertyKey[], message: string, input: unknown): RequestFault {
  return {
    pointer: path.map((name) => `/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""),
    message: `${message}${describeInput(input)}`,
  };
}

/** Where no branch got past the type of the value itself: all the types it might have. */
function typesExpected(branches: readonly (readonly Issue[])[]): string | undefined {
  const types = branches.map(([issue]) =>
    issue?.code === "invalid_type" && issue.path.length === 0 ? issue.expected : undefined,
  );
  return types.includes(undefined) ? undefined : types.join(" or ");
}

function furthest(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length + (issue.code === "invalid_union" ? 1 : 0)));
}

const maxShown = 80;

function describeInput(input: unknown): string {
  if (typeof input !== "string" && typeof input !== "number" && typeof input !== "boolean" && input !== null) return "";
  const text = JSON.stringify(input);
  return ` (it is ${text.length > maxShown ? `${text.slice(0, maxShown)}…` : text})`;
}
