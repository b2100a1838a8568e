/** A flag SDK under test. The peers, in bench/peers, are plain JavaScript: their packages are not there when types are checked. */
import type { NeutralFlag, User } from "./neutral-flag.ts";
import type { Wire } from "./wire-file.ts";

export interface Candidate {
  readonly name: string;
  /** npm package and version. */
  readonly package: string;
  /** Whether its getters return promises. */
  readonly isAsync: boolean;
  /** What a reader should know before comparing. */
  readonly remark?: string;
  /** The flags as its vendor's servers would send them. */
  write(flags: readonly NeutralFlag[]): string;
  /** From what was sent to ready, without any network. */
  load(wire: Wire): LoadedFlags | Promise<LoadedFlags>;
}

/** `Context` is whatever the candidate wants to know a user by, made before anything is timed; `All` what its bulk call returns. */
export interface LoadedFlags<Context = unknown, All = unknown> {
  context(user: User): Context;
  boolean(key: string, context: Context): boolean | Promise<boolean>;
  string(key: string, context: Context): string | Promise<string>;
  /** All flags for one user, by the candidate's own bulk call where it has one. */
  all(flags: readonly NeutralFlag[], context: Context): All | Promise<All>;
  /** What `all` answered, flag by flag; only for checking. */
  answerOf(all: All, key: string, index: number): unknown;
  close(): void | Promise<void>;
}
