/** Who is in a canary by name, region or any other attribute. */
import type { Strategy } from "@dimmer/spec";
import { pointerTo } from "../fault.ts";

export type CanaryStrategy = Extract<Strategy, { type: "canary" }>;

/** One list of a canary: who has one of these values of this attribute is in. */
export interface CanaryList {
  /** Where it stands in the strategy. */
  readonly pointer: string;
  readonly attribute: string;
  readonly values: readonly (string | number | boolean)[];
}

export function canaryLists({ users, regions, attributes }: CanaryStrategy): readonly CanaryList[] {
  const lists: CanaryList[] = [];
  if (users !== undefined) lists.push({ pointer: "/users", attribute: "targetingKey", values: users });
  if (regions !== undefined) lists.push({ pointer: "/regions", attribute: "region", values: regions });
  for (const [attribute, values] of Object.entries(attributes ?? {})) {
    lists.push({ pointer: pointerTo("/attributes", attribute), attribute, values });
  }
  return lists;
}
