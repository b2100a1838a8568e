/** How many files, and so connections, a process here may have open at a time. */

/** Node raises its own limit as far as it may when it starts. Infinite where there is none, or none is told. */
export function fileLimit(): number {
  // Else the report looks up the names of all connections. Node's types do not know the field yet.
  Object.assign(process.report, { excludeNetwork: true });
  // Node types its report as `object`; the fields are documented under "Diagnostic report".
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft?: number | string } } };
  const limit = Number(userLimits?.open_files?.soft);
  return Number.isFinite(limit) ? limit : Number.POSITIVE_INFINITY;
}
