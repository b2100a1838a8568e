// The one table of arrows: which room of the repository may import which. check-layers.ts holds every import and every
// package.json against it and draws the picture in ARCHITECTURE.md from it. A room is a package, or a part of one whose
// arrows differ.

/** A package, or a folder or file of one, and what it may import. */
export type Room = {
  /** The name it is imported by, or spoken of by. */
  name: string;
  /** Its place under the repository root. A file belongs to the room with the longest place that holds it. */
  place: string;
  /** Names of the rooms it may import; types, values and side effects alike. */
  imports: readonly string[];
  /** True where zod may be loaded. Everywhere else a value import that would load it is a fault: an application that
   * evaluates flags never pays for schemas. */
  mayLoadZod?: true;
  /** True where the clock may not be read: `now` comes in as an argument. */
  isPure?: true;
  /** Folders of its src, from the top down, where their order is a rule: each imports only from those below it. What
   * stands beside the folders puts them together, and none of them may import that. */
  floors?: readonly string[];
};

/** Every room, from the bottom upwards. */
export const rooms: readonly Room[] = [
  { name: "@dimmer/spec", place: "packages/spec", imports: [], mayLoadZod: true, isPure: true },
  { name: "@dimmer/engine", place: "packages/engine", imports: ["@dimmer/spec"], isPure: true },
  { name: "@dimmer/rollout", place: "packages/rollout", imports: ["@dimmer/spec"], isPure: true },
  { name: "@dimmer/api-client", place: "packages/api-client", imports: ["@dimmer/spec"] },
  { name: "@dimmer/stores", place: "packages/stores", imports: ["@dimmer/spec", "@dimmer/api-client"] },
  {
    name: "@dimmer/sdk",
    place: "packages/sdk",
    imports: ["@dimmer/spec", "@dimmer/engine", "@dimmer/rollout", "@dimmer/api-client", "@dimmer/stores"],
  },
  { name: "@dimmer/catalog", place: "packages/catalog", imports: ["@dimmer/spec"] },
  {
    name: "@dimmer/catalog/facade",
    place: "packages/catalog/src/facade",
    imports: ["@dimmer/catalog", "@dimmer/spec", "@dimmer/sdk"],
  },
  {
    name: "@dimmer/gateway",
    place: "packages/gateway",
    imports: ["@dimmer/spec", "@dimmer/sdk", "@dimmer/catalog"],
    floors: [
      "addresses",
      "chat",
      "http",
      "measurements",
      "config",
      "calls",
      "admission",
      "routing",
      "providers",
      "protocol",
      "ports",
      "input",
    ],
  },
  {
    name: "@dimmer/orchestrator",
    place: "packages/orchestrator",
    imports: ["@dimmer/spec", "@dimmer/sdk", "@dimmer/catalog", "@dimmer/gateway"],
  },
  {
    name: "@dimmer/server",
    place: "apps/server",
    imports: [
      "@dimmer/spec",
      "@dimmer/engine",
      "@dimmer/rollout",
      "@dimmer/api-client",
      "@dimmer/stores",
      "@dimmer/catalog",
    ],
    mayLoadZod: true,
  },
  { name: "@dimmer/dashboard", place: "apps/dashboard", imports: ["@dimmer/spec", "@dimmer/api-client"] },
  {
    name: "@dimmer/cli",
    place: "apps/cli",
    imports: [
      "@dimmer/spec",
      "@dimmer/engine",
      "@dimmer/rollout",
      "@dimmer/api-client",
      "@dimmer/stores",
      "@dimmer/sdk",
      "@dimmer/catalog",
      "@dimmer/catalog/facade",
      "@dimmer/gateway",
      "@dimmer/orchestrator",
      "@dimmer/server",
      "@dimmer/dashboard",
    ],
    mayLoadZod: true,
  },
];
