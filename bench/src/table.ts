/** A table for terminals that is a Markdown table as well. */

/** Columns whose index is in `right` are aligned to the right. */
export function renderTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[],
): string {
  const widths = header.map((title, column) =>
    Math.max(3, ...[header, ...rows].map((row) => row[column]?.length ?? title.length)),
  );
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const pad = (row: readonly string[]): string[] =>
    widths.map((width, column) => {
      const cell = row[column] ?? "";
      return right.includes(column) ? cell.padStart(width) : cell.padEnd(width);
    });
  const rule = widths.map((width, column) =>
    right.includes(column) ? `${"-".repeat(width - 1)}:` : "-".repeat(width),
  );
  return [line(pad(header)), line(rule), ...rows.map((row) => line(pad(row)))].join("\n");
}
