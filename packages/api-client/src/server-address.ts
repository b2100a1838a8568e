/** Where a control plane is, whom the token is for, and where to look when it is there no longer. */

/** One place a control plane listens at. */
export interface ServerAddress {
  /** Its address, http or https, without credentials; a path is kept as a prefix. */
  readonly url: string;
  /** Bearer token. Never appears in an error or a log. */
  readonly token?: string | undefined;
  /**
   * Called before every request that carries the token: rejects when what listens at the address is not who the token
   * is for. `findControlPlane` makes one for the server of a local folder. @defaultValue the address is trusted
   */
  readonly assertGenuine?: ((fetch: typeof globalThis.fetch, signal: AbortSignal) => Promise<void>) | undefined;
  /**
   * Called when `assertGenuine` has rejected, and never while all is well: where the server is now; undefined when that
   * is not known, or is here still. @defaultValue the server stays where it is
   */
  readonly findAgain?: (() => ServerAddress | undefined) | undefined;
}
