/**
 * flagd's selector: which of the sets a server has. Here every environment is one, so `staging`, `source=staging`,
 * `environment=staging`, `flagSetId=staging` and `flagSetId=<the set's id>` all mean the same.
 */
import { DimmerError } from "@dimmer/spec/errors";

const keys: ReadonlySet<string> = new Set(["source", "environment", "flagSetId"]);

/**
 * The name or the set id a selector says; undefined for an empty one.
 *
 * @throws `invalid_request` for a key there is nothing of.
 */
export function parseSelector(selector: string): string | undefined {
  const text = selector.trim();
  if (text === "") return undefined;
  const at = text.indexOf("=");
  if (at < 0) return text;
  const key = text.slice(0, at).trim();
  if (keys.has(key)) return text.slice(at + 1).trim();
  throw new DimmerError(
    "invalid_request",
    `The selector '${text}' asks by '${key}'; it can ask by ${[...keys].join(", ")}.`,
    { selector: text },
  );
}
