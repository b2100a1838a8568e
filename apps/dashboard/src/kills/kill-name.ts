/** What a kill stops, in words. */
import type { Kill } from "@dimmer/spec";

/** "provider google", "all AI egress". */
export function nameOfKill({ scope, target }: Pick<Kill, "scope" | "target">): string {
  return scope === "all" ? "all AI egress" : `${scope} ${target}`;
}

/** What stops while it is in force, as the end of a sentence. */
export function effectOfKill({ scope, target }: Pick<Kill, "scope" | "target">): string {
  switch (scope) {
    case "all":
      return "no request reaches any provider";
    case "provider":
      return `no call reaches the provider ${target}`;
    case "model":
      return `no call uses the model ${target}`;
    case "route":
      return `requests for the route ${target} are refused`;
    case "flag":
      return `the flag ${target} serves its safe variant to everyone`;
    case "tenant":
      return `requests of the tenant ${target} are refused`;
    case "tool":
      return `requests that offer the tool ${target} are refused`;
  }
}
