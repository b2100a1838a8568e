/** Flags as a table a person reads. */
import type { FlagView } from "@dimmer/spec";
import type { Output } from "./output.ts";

/** One line a flag: key, what it serves, and what keeps it from being set or from acting. */
export function drawFlagTable(views: readonly FlagView[], output: Output): string {
  const keyWidth = Math.max(0, ...views.map((view) => view.key.length));
  const exposureWidth = Math.max(0, ...views.map((view) => view.exposure.length));
  return views
    .map((view) =>
      `${view.key.padEnd(keyWidth)}  ${paintExposure(view, exposureWidth, output)}  ${remarks(view, output).join("; ")}`.trimEnd(),
    )
    .join("\n");
}

/** One flag with its description. */
export function drawFlag(view: FlagView, output: Output): string {
  const rows = [
    ["serves", view.exposure],
    [
      "variants",
      Object.entries(view.definition.variants)
        .map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
        .join(", "),
    ],
    ["safe variant", view.definition.safeVariant ?? view.definition.defaultVariant ?? "none"],
    ["prerequisites", view.definition.prerequisites?.join(", ") ?? "none"],
    ["remarks", remarks(view, output).join("; ") || "none"],
  ] as const;
  const title = `${output.paint("bold", view.key)}${view.definition.description === undefined ? "" : `: ${view.definition.description}`}`;
  return [title, ...rows.map(([name, value]) => `  ${output.paint("dim", name.padEnd(13))}  ${value}`)].join("\n");
}

function paintExposure(view: FlagView, width: number, output: Output): string {
  const text = view.exposure.padEnd(width);
  if (view.killed) return output.paint("red", text);
  return output.paint(view.value === false || view.exposure === "off" ? "dim" : "green", text);
}

function remarks(view: FlagView, output: Output): string[] {
  return [
    ...(view.killed ? [output.paint("red", "killed")] : []),
    ...(view.ownedBy === undefined ? [] : [output.paint("cyan", `owned by rollout ${view.ownedBy}`)]),
    ...(view.locked === undefined ? [] : [output.paint("dim", `locked: ${view.locked}`)]),
    ...(view.inert === undefined ? [] : [output.paint("dim", `inert: ${view.inert}`)]),
  ];
}
