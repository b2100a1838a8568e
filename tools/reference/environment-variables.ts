// What every environment variable means. docs/configuration.md is made from it, and no source may read another.

/** A variable, who reads it, what it means when it is set and what holds when it is not. */
export type EnvironmentVariable = { name: string; readBy: string; meaning: string; otherwise: string };

export const environmentVariables: readonly EnvironmentVariable[] = [
  {
    name: "DIMMER_URL",
    readBy: "SDK, facade, gateway, `dimmer`",
    meaning: "address of the control plane",
    otherwise: "the control plane that runs out of `DIMMER_DIR`, if there is one",
  },
  {
    name: "DIMMER_TOKEN",
    readBy: "SDK, facade, gateway, `dimmer`",
    meaning: "token for it",
    otherwise: "the admin token in `DIMMER_DIR`, when `DIMMER_URL` is not set",
  },
  {
    name: "DIMMER_ENVIRONMENT",
    readBy: "SDK, facade, gateway, `dimmer`",
    meaning: "the environment whose flags and kills count",
    otherwise: "`default`",
  },
  {
    name: "DIMMER_DIR",
    readBy: "all",
    meaning: "data folder: the control plane's database, kill logs, tokens; snapshots and kill latches of the others",
    otherwise: "`.dimmer`",
  },
  {
    name: "DIMMER_FLAGS_FILE",
    readBy: "SDK, facade, gateway",
    meaning: "a flag file, JSON or YAML, that overlays the control plane flag by flag",
    otherwise: "none",
  },
  {
    name: "DIMMER_FLAG_<KEY>",
    readBy: "SDK, facade, gateway",
    meaning:
      "fixes a flag in this process: its key in upper case, every other character as `_`; the value as the flag writes it, or a variant's name. The catalogue's flags answer to `<KEY>` alone as well: `ORCHESTRATION_ENABLED=false`",
    otherwise: "the flag set decides",
  },
  {
    name: "DIMMER_KILL",
    readBy: "SDK, facade, gateway",
    meaning: "kills that hold while the process runs: `all`, or `<scope>:<target>`, comma-separated",
    otherwise: "none",
  },
  {
    name: "DIMMER_GATEWAY_TOKEN",
    readBy: "gateway",
    meaning: "token for the gateway's `/admin`",
    otherwise: "the admin token in `DIMMER_DIR`; without one `/admin` refuses everybody",
  },
  {
    name: "DIMMER_HOST",
    readBy: "`node apps/server/src/main.ts`",
    meaning: "address the control plane listens on",
    otherwise: "`127.0.0.1`",
  },
  {
    name: "DIMMER_PORT",
    readBy: "`node apps/server/src/main.ts`",
    meaning: "port the control plane listens on; 0 is any free one",
    otherwise: "`7700`",
  },
  {
    name: "DIMMER_DASHBOARD",
    readBy: "`node apps/server/src/main.ts`",
    meaning: "folder of the built dashboard",
    otherwise: "none is served",
  },
  {
    name: "DIMMER_OFREP_ORIGINS",
    readBy: "`node apps/server/src/main.ts`",
    meaning: "origins whose pages may evaluate flags by OFREP, comma-separated: `https://shop.example`",
    otherwise: "the control plane's own pages alone",
  },
  {
    name: "DIMMER_FLAGD_SYNC_PORT",
    readBy: "`node apps/server/src/main.ts`",
    meaning: "port of flagd's sync service, usually 8015",
    otherwise: "it is not served",
  },
  {
    name: "DIMMER_FLAGD_EVALUATION_PORT",
    readBy: "`node apps/server/src/main.ts`",
    meaning: "port of flagd's evaluation services, usually 8013",
    otherwise: "they are not served",
  },
  {
    name: "DIMMER_FLAGD_OPEN",
    readBy: "`node apps/server/src/main.ts`",
    meaning: "`true` serves flagd's clients without a token, `false` asks everyone for one",
    otherwise: "`true` on loopback, `false` elsewhere",
  },
  {
    name: "DIMMER_METRICS_OPEN",
    readBy: "`node apps/server/src/main.ts`",
    meaning: "`true` serves `/metrics` without a token, `false` asks everyone for one with the scope `read`",
    otherwise: "`true` on loopback, `false` elsewhere",
  },
  {
    name: "DIMMER_LOG_LEVEL",
    readBy: "`node apps/server/src/main.ts`",
    meaning: "trace, debug, info, warn, error or silent",
    otherwise: "`info`",
  },
  {
    name: "DIMMER_CHROMIUM",
    readBy: "tests",
    meaning: "the browser that tests of the page drive",
    otherwise: "it is looked for",
  },
  {
    name: "DIMMER_FUZZ_MINUTES",
    readBy: "tests",
    meaning: "how long each of the engine's fuzzed properties is tried; set by `npm run fuzz`",
    otherwise: "a fixed number of cases",
  },
  {
    name: "DIMMER_TEST_SEED",
    readBy: "tests",
    meaning: "the seed property tests draw their cases from",
    otherwise: "always the same one",
  },
  {
    name: "NO_COLOR",
    readBy: "`dimmer`",
    meaning: "no colours, whatever it is set to",
    otherwise: "colours on a terminal",
  },
];
