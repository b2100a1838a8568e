/** Who may call. Tokens are held in memory, so that a kill needs no database to be authorised. */
import type { Scope, Token } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import type { Selectable } from "kysely";
import { allEnvironments, recordAudit } from "../audit/audit-log.ts";
import { toIso, type Clock } from "../clock.ts";
import type { Commit, Commits } from "../storage/commits.ts";
import type { Storage } from "../storage/storage.ts";
import type { Tables } from "../storage/tables.ts";
import { createSecret, hashSecret, isSecretOf, secretId, signWith } from "./token-secret.ts";

interface KnownToken {
  readonly token: Token;
  readonly hash: string;
}

/** What a new token may do. */
export interface NewToken {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** null: all. */
  readonly environment: string | null;
  readonly expiresAt?: string | undefined;
}

export class TokenService {
  readonly #storage: Storage;
  readonly #commits: Commits;
  readonly #clock: Clock;
  #tokens: ReadonlyMap<string, KnownToken> = new Map();

  constructor(storage: Storage, commits: Commits, clock: Clock) {
    this.#storage = storage;
    this.#commits = commits;
    this.#clock = clock;
  }

  /** Brings memory up to date with the database. */
  async refresh(): Promise<void> {
    const rows = await this.#storage.read.selectFrom("tokens").selectAll().orderBy("created_at_ms").execute();
    this.#tokens = new Map(rows.map((row) => [row.id, { token: toToken(row), hash: row.hash }]));
  }

  /** The tokens, without their secrets. */
  list(): Token[] {
    return [...this.#tokens.values()].map(({ token }) => token);
  }

  /**
   * The token behind an Authorization header.
   *
   * @throws `unauthenticated`. Why is not told: nothing about tokens that exist leaks.
   */
  authenticate(authorization: string | undefined): Token {
    const secret = /^Bearer (\S+)$/i.exec(authorization ?? "")?.[1];
    if (secret === undefined) throw new DimmerError("unauthenticated", "No token was sent.");
    const known = this.#tokens.get(secretId(secret) ?? "");
    if (known === undefined || !this.isValid(known.token.id) || !isSecretOf(secret, known.hash))
      throw new DimmerError("unauthenticated", "The token is not known, or it has expired.");
    return known.token;
  }

  /** Whether a token exists and has not expired. */
  isValid(id: string): boolean {
    const expiresAt = this.#tokens.get(id)?.token.expiresAt;
    return this.#tokens.has(id) && (expiresAt === undefined || Date.parse(expiresAt) > this.#clock.nowMs());
  }

  /** A signature of `text` that is good as long as the token is, over restarts too; undefined when there is no such token. */
  sign(id: string, text: string): string | undefined {
    const hash = this.#tokens.get(id)?.hash;
    return hash === undefined || !this.isValid(id) ? undefined : signWith(hash, text);
  }

  /**
   * Creates a token; the secret is in the answer and nowhere else.
   *
   * @throws `invalid_request` for the name of the server's own token, all of whose holders go when its file does.
   */
  async create(request: NewToken, by: string): Promise<Token & { secret: string }> {
    if (request.name === adminName) {
      const message = `body/name: '${adminName}' is the name of the token in the server's own folder; choose another.`;
      throw new DimmerError("invalid_request", message, { name: adminName });
    }
    const { id, secret } = createSecret();
    await this.#commits.run(async (commit) => {
      await this.#insert(commit, id, secret, request);
      await recordAudit(commit, {
        environment: request.environment ?? allEnvironments,
        by,
        action: "token-created",
        target: request.name,
        reason: request.scopes.join(", "),
      });
    });
    const known = this.#tokens.get(id);
    if (known === undefined) throw new DimmerError("internal", "The new token was not found after its commit.");
    return { ...known.token, secret };
  }

  /** Revokes a token; false when there was none. */
  async delete(id: string, by: string): Promise<boolean> {
    return await this.#commits.run(async (commit) => {
      const row = await commit.writer
        .deleteFrom("tokens")
        .where("id", "=", id)
        .returning(["name", "environment"])
        .executeTakeFirst();
      if (row === undefined) return false;
      await commit.announce(allEnvironments, "tokens", id);
      await recordAudit(commit, {
        environment: row.environment ?? allEnvironments,
        by,
        action: "token-deleted",
        target: row.name,
        reason: "",
      });
      return true;
    });
  }

  /** Makes sure that the administrator's own token works: the given secret if it is one, else a new one. Answers the secret. */
  async ensureAdmin(given: string | undefined): Promise<string> {
    const givenId = given === undefined ? undefined : secretId(given);
    const known = givenId === undefined ? undefined : this.#tokens.get(givenId);
    if (given !== undefined && known !== undefined && isSecretOf(given, known.hash)) return given;
    const { id, secret } =
      given === undefined || givenId === undefined ? createSecret() : { id: givenId, secret: given };
    await this.#commits.run(async (commit) => {
      // An admin token whose file is gone opens nothing any more.
      await commit.writer.deleteFrom("tokens").where("name", "=", adminName).execute();
      await this.#insert(commit, id, secret, { name: adminName, scopes: ["admin"], environment: null });
    });
    return secret;
  }

  async #insert(commit: Commit, id: string, secret: string, request: NewToken): Promise<void> {
    await commit.writer
      .insertInto("tokens")
      .values({
        id,
        name: request.name,
        hash: hashSecret(secret),
        scopes: JSON.stringify([...new Set(request.scopes)]),
        environment: request.environment,
        created_at_ms: commit.nowMs,
        expires_at_ms: request.expiresAt === undefined ? null : Date.parse(request.expiresAt),
      })
      .execute();
    await commit.announce(allEnvironments, "tokens", id);
  }
}

/** Name of the token that the first start makes. */
const adminName = "admin";

function toToken(row: Selectable<Tables["tokens"]>): Token {
  // Parsed by the contract before it was stored.
  const scopes = JSON.parse(row.scopes) as Scope[];
  const token: Token = {
    id: row.id,
    name: row.name,
    scopes,
    environment: row.environment,
    createdAt: toIso(row.created_at_ms),
  };
  if (row.expires_at_ms !== null) token.expiresAt = toIso(row.expires_at_ms);
  return token;
}
