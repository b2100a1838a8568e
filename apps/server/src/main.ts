/** The control plane alone: `node apps/server/src/main.ts`, configured by the environment. */
import { enableCompileCache } from "node:module";
import { z } from "zod";

const port = z.coerce.number().int().min(0).max(65_535);

const configuration = z.object({
  DIMMER_DIR: z.string().min(1).default(".dimmer").describe("Data folder"),
  DIMMER_HOST: z.string().min(1).default("127.0.0.1").describe("Address to listen on"),
  DIMMER_PORT: port.default(7700).describe("Port to listen on; 0: any free one"),
  DIMMER_DASHBOARD: z.string().optional().describe("Folder of the built dashboard"),
  DIMMER_OFREP_ORIGINS: z.string().optional().describe("Pages that may evaluate flags, separated by commas"),
  DIMMER_FLAGD_SYNC_PORT: port.optional().describe("Port of flagd's sync service; absent: not served"),
  DIMMER_FLAGD_EVALUATION_PORT: port.optional().describe("Port of flagd's evaluation services; absent: not served"),
  DIMMER_FLAGD_OPEN: z
    .stringbool()
    .optional()
    .describe("Serve flagd's clients without a token; default true on loopback"),
  DIMMER_METRICS_OPEN: z.stringbool().optional().describe("Serve /metrics without a token; default true on loopback"),
  DIMMER_LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
});

enableCompileCache();

const parsed = configuration.safeParse(process.env);
if (parsed.success) {
  await run(parsed.data);
} else {
  process.stderr.write(`The configuration is not valid:\n${z.prettifyError(parsed.error)}\n`);
  process.exitCode = 2;
}

async function run(settings: z.output<typeof configuration>): Promise<void> {
  // After the cache is on, so that it holds these.
  const [{ createControlPlane }, { createServerLog }, { DimmerError }] = await Promise.all([
    import("./control-plane.ts"),
    import("./server-log.ts"),
    import("@dimmer/spec/errors"),
  ]);
  const log = createServerLog(settings.DIMMER_LOG_LEVEL);
  try {
    const plane = await createControlPlane({
      directory: settings.DIMMER_DIR,
      host: settings.DIMMER_HOST,
      port: settings.DIMMER_PORT,
      dashboardDirectory: settings.DIMMER_DASHBOARD,
      ofrep: { allowedOrigins: settings.DIMMER_OFREP_ORIGINS?.split(",").map((origin) => origin.trim()) },
      flagd: {
        syncPort: settings.DIMMER_FLAGD_SYNC_PORT,
        evaluationPort: settings.DIMMER_FLAGD_EVALUATION_PORT,
        isOpen: settings.DIMMER_FLAGD_OPEN,
      },
      isMetricsOpen: settings.DIMMER_METRICS_OPEN,
      log,
    });
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void plane.close());
  } catch (thrown) {
    const error = DimmerError.from(thrown);
    log.error({ error: error.cause ?? error, code: error.code, fix: error.definition.fix }, error.message);
    process.exitCode = error.definition.kind === "internal" ? 70 : 5;
  }
}
