/**
 * Flags as they cross a process boundary: flagd's flag definition (https://flagd.dev/schema/v0/flags.json) plus
 * Dimmer's additions `strategy`, `prerequisites`, `safeVariant`, `onVariants`, `locked` and `owner`.
 * Any flagd file is a valid flag set; the additions are lowered to plain targeting for clients that do not know them.
 */
import { z } from "zod";

/** What a variant may hold. Every variant of one flag has the same type, which is the flag's type. */
export const flagValue = z.union([z.boolean(), z.string(), z.number(), z.record(z.string(), z.json())]);
/** A boolean, a string, a finite number, or a JSON object. */
export type FlagValue = z.infer<typeof flagValue>;

const percentage = z.number().min(0).max(100).describe("0 to 100, at most three decimals; counted in units of 0.001 %");
const attribute = z
  .string()
  .min(1)
  .describe("Name of the context attribute that a user keeps the same answer by; default targetingKey");

/** Everyone gets the on-variant. */
export const allAtOnceStrategy = z.strictObject({ type: z.literal("all-at-once") });
/** A fixed share gets the on-variant; raising it never drops anyone who was in. */
export const percentageStrategy = z.strictObject({
  type: z.literal("percentage"),
  percentage,
  stickiness: attribute.optional(),
});
/** The share climbs linearly from 0 at `start` to 100 % at `end`; without both it stays 0. */
export const progressiveStrategy = z.strictObject({
  type: z.literal("progressive"),
  start: z.iso.datetime({ offset: true }).optional(),
  end: z.iso.datetime({ offset: true }).optional(),
  stickiness: attribute.optional(),
});
/** Those who match any of the lists get the on-variant, and `percentage` (default 0) of everybody else. */
export const canaryStrategy = z.strictObject({
  type: z.literal("canary"),
  users: z.array(z.string()).optional().describe("Targeting keys"),
  regions: z.array(z.string()).optional().describe("Values of the context attribute 'region'"),
  attributes: z.record(z.string(), z.array(z.union([z.string(), z.number(), z.boolean()]))).optional(),
  percentage: percentage.optional(),
  stickiness: attribute.optional(),
});
/** How one flag is exposed. A flag without one serves its targeting, or its default variant. */
export const strategy = z.discriminatedUnion("type", [
  allAtOnceStrategy,
  percentageStrategy,
  progressiveStrategy,
  canaryStrategy,
]);
export type Strategy = z.infer<typeof strategy>;

/** One flag. `variants`, `defaultVariant`, `targeting`, `state` and `metadata` mean what they mean in flagd. */
export const flag = z.looseObject({
  state: z.enum(["ENABLED", "DISABLED"]),
  variants: z.record(z.string(), flagValue),
  defaultVariant: z.string().nullable().optional(),
  targeting: z.unknown().optional().describe("flagd targeting (JsonLogic)"),
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  strategy: strategy.optional(),
  prerequisites: z.array(z.string()).optional().describe("Flags that must all be on for this one to be on"),
  safeVariant: z
    .string()
    .optional()
    .describe(
      "Served while the flag is killed and when nothing is known of it; default: a variant that is not on, else the default variant",
    ),
  onVariants: z
    .array(z.string())
    .optional()
    .describe(
      "Variants that count as on; the first is the one a strategy exposes. Default for a boolean flag: those that hold true",
    ),
  locked: z.string().optional().describe("Why this flag cannot be set; absent on flags that can"),
  description: z.string().optional(),
  owner: z.string().optional(),
});
export type Flag = z.infer<typeof flag>;

/** How users fall into buckets. Stored with the flag set, so that an upgrade can never move anyone silently. */
export const bucketing = z.enum(["flagd-v2", "flagd-v1"]);
export type Bucketing = z.infer<typeof bucketing>;

/** A flag file: flagd's definition with Dimmer's additions, and no version yet. */
export const flagDefinitions = z.looseObject({
  flags: z.record(z.string(), flag),
  $evaluators: z.record(z.string(), z.unknown()).optional(),
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  bucketing: bucketing.optional(),
});
export type FlagDefinitions = z.infer<typeof flagDefinitions>;

/** All flags of one environment at one version. */
export const flagSet = flagDefinitions.extend({
  environment: z.string(),
  setId: z.string().describe("Identity of the set; a process follows one and refuses another"),
  version: z.int().min(0).describe("max(last + 1, unix ms × 1024): never goes backwards"),
  hash: z.string().describe("SHA-256, hex, of the definitions in canonical JSON"),
  bucketing,
});
export type FlagSet = z.infer<typeof flagSet>;
