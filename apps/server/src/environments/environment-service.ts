/** The environments: each one flag set, one stage, one kill log. */
import type { Environment, FlagDefinitions } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { recordAudit } from "../audit/audit-log.ts";
import { toIso } from "../clock.ts";
import type { FlagService } from "../flags/flag-service.ts";
import type { StageService } from "../stages/stage-service.ts";
import type { Commits } from "../storage/commits.ts";
import type { Storage } from "../storage/storage.ts";

export interface EnvironmentServiceOptions {
  readonly storage: Storage;
  readonly commits: Commits;
  readonly flags: FlagService;
  readonly stages: StageService;
  /** What a new environment starts with. */
  readonly definitions: FlagDefinitions;
}

export class EnvironmentService {
  readonly #options: EnvironmentServiceOptions;
  readonly #createdAtMs = new Map<string, number>();

  constructor(options: EnvironmentServiceOptions) {
    this.#options = options;
  }

  /** Brings memory up to date with the database; answers every name. */
  async refresh(): Promise<readonly string[]> {
    const rows = await this.#options.storage.read.selectFrom("environments").selectAll().orderBy("name").execute();
    for (const row of rows) this.#createdAtMs.set(row.name, row.created_at_ms);
    return rows.map((row) => row.name);
  }

  /** Names of all environments. Needs no database. */
  names(): string[] {
    return [...this.#createdAtMs.keys()];
  }

  /**
   * @throws `environment_not_found`.
   */
  require(name: string): void {
    if (!this.#createdAtMs.has(name))
      throw new DimmerError(
        "environment_not_found",
        `There is no environment '${name}'; there is ${this.names().join(", ")}.`,
        { environment: name },
      );
  }

  list(): Environment[] {
    return this.names().map((name) => this.get(name));
  }

  get(name: string): Environment {
    this.require(name);
    const { setId, version } = this.#options.flags.state(name).flagSet;
    return { name, setId, version, createdAt: toIso(this.#createdAtMs.get(name) ?? 0) };
  }

  /** Creates an environment: catalogue definitions, stage dark. */
  async create(name: string, by: string): Promise<Environment> {
    const { commits, flags, stages, definitions } = this.#options;
    await commits.run(async (commit) => {
      const known = await commit.writer
        .selectFrom("environments")
        .select("name")
        .where("name", "=", name)
        .executeTakeFirst();
      if (known !== undefined)
        throw new DimmerError("environment_exists", `There is an environment '${name}' already.`, {
          environment: name,
        });
      await commit.writer.insertInto("environments").values({ name, created_at_ms: commit.nowMs }).execute();
      // First, so that everything else finds the environment in memory.
      await commit.announce(name, "environments", name);
      const flagSet = await flags.create(commit, name, definitions, { by, reason: "environment created" });
      await stages.create(commit, name, by);
      await recordAudit(commit, {
        environment: name,
        by,
        action: "environment-created",
        target: name,
        reason: "",
        version: flagSet.version,
      });
    });
    return this.get(name);
  }
}
