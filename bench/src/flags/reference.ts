/** What a flag must answer, written as plainly as can be: the judge of every candidate. */
import type { Condition, NeutralFlag, User } from "./neutral-flag.ts";

/** The answer, or undefined where each candidate hashes in its own way. */
export function expectedAnswer(flag: NeutralFlag, user: User): boolean | undefined {
  switch (flag.type) {
    case "static":
      return true;
    case "rules":
      return flag.anyOf.some((condition) => holds(condition, user));
    case "rollout":
    case "split":
      return undefined;
  }
}

export function holds(condition: Condition, user: User): boolean {
  switch (condition.operator) {
    case "equals":
      return user[condition.attribute] === condition.value;
    case "one-of":
      return condition.value.includes(user[condition.attribute]);
    case "starts-with":
      return user[condition.attribute].startsWith(condition.value);
    case "version-at-least":
      return user[condition.attribute].localeCompare(condition.value, "en", { numeric: true }) >= 0;
    case "above":
      return user[condition.attribute] > condition.value;
    case "below":
      return user[condition.attribute] < condition.value;
  }
}
