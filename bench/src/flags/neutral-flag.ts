/**
 * Flags and users as no vendor writes them. Every candidate turns these into its own format, so that all are asked the
 * same questions.
 */

/** Who asks. `id` decides rollouts and splits. */
export interface User {
  readonly id: string;
  readonly country: string;
  readonly plan: string;
  readonly email: string;
  /** Semantic version; every part has one digit, because one candidate compares versions as text. */
  readonly version: string;
  readonly age: number;
  readonly seats: number;
}

type TextAttribute = "id" | "country" | "plan" | "email" | "version";

export type Condition =
  | {
      readonly attribute: TextAttribute;
      readonly operator: "equals" | "starts-with" | "version-at-least";
      readonly value: string;
    }
  | { readonly attribute: TextAttribute; readonly operator: "one-of"; readonly value: readonly string[] }
  | { readonly attribute: "age" | "seats"; readonly operator: "above" | "below"; readonly value: number };

export type NeutralFlag =
  /** On for everybody. */
  | { readonly key: string; readonly type: "static" }
  /** On for those of whom any condition holds; the first that does decides. */
  | { readonly key: string; readonly type: "rules"; readonly anyOf: readonly Condition[] }
  /** On for a share of the users. */
  | { readonly key: string; readonly type: "rollout"; readonly percent: number }
  /** Users in equal shares over the arms, whose names are the values. */
  | { readonly key: string; readonly type: "split"; readonly arms: readonly string[] };

export type Answer = boolean | string;
