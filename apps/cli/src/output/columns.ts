/** Rows of a table without rules: every column as wide as its widest entry. */

/** One line a row; colours come after, by line. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (wide, row) => row.map((entry, column) => Math.max(wide[column] ?? 0, entry.length)),
    [],
  );
  return rows.map((row) =>
    row
      .map((entry, column) => entry.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
