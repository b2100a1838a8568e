/** Flags as a table a person reads. */
import type { FlagView } from "@dimmer/spec";
import type { Output } from "./output.ts";
import { fitLines } from "./wrap.ts";

/** A key that is longer moves its own row, not all the others. */
const maxKeyWidth = 48;

/** One line a flag: key, what it serves, and what keeps it from being set or from acting. A narrow terminal shows the last below. */
export function drawFlagTable(views: readonly FlagView[], output: Output): string {
  const keyWidth = Math.max(0, ...views.map((view) => view.key.length).filter((length) => length <= maxKeyWidth));
  const exposureWidth = Math.max(0, ...views.map((view) => view.exposure.length));
  const rows = views.map((view) => {
    const remark = remarks(view, output).join("; ");
    const start = `${view.key.padEnd(keyWidth)}  ${paintExposure(view, exposureWidth, output)}`;
    return { whole: `${start}  ${remark}`.trimEnd(), start, remark };
  });
  const isNarrow = output.isInteractive && keyWidth + exposureWidth + remarkWidth > output.width;
  if (!isNarrow) return rows.map(({ whole }) => whole).join("\n");
  const lines = rows.flatMap(({ start, remark }) => [start.trimEnd(), ...(remark === "" ? [] : [`    ${remark}`])]);
  return fitLines(lines.join("\n"), output);
}

/** Room that the usual remark needs beside the columns. */
const remarkWidth = 50;

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
