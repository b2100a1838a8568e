/**
 * The control plane's time, on a machine whose own clock may be off by minutes. Every answer says the server's time, cut
 * to the second, in its Date header; it was written between the request and the answer, so each answer bounds how far
 * the two clocks are apart, and together they bound it closely (Cristian's algorithm, Distributed Computing 3, 1989).
 */
export class ServerClock {
  readonly #localNowMs: () => number;
  /** The least and the most that the server's clock is ahead of this machine's. */
  #ahead = { leastMs: -Infinity, mostMs: Infinity };

  constructor(localNowMs: () => number = () => Date.now()) {
    this.#localNowMs = localNowMs;
  }

  /** Unix ms, as the server counts. This machine's own time as long as no answer contradicts it. */
  nowMs(): number {
    const { leastMs, mostMs } = this.#ahead;
    return this.#localNowMs() + Math.max(leastMs, Math.min(mostMs, 0));
  }

  /** Fetches, and reads the server's time from whatever is answered. */
  readonly fetch: typeof fetch = async (input, init) => {
    const askedAtMs = this.#localNowMs();
    const response = await fetch(input, init);
    this.#learn(Date.parse(response.headers.get("date") ?? ""), askedAtMs, this.#localNowMs());
    return response;
  };

  #learn(saidMs: number, askedAtMs: number, answeredAtMs: number): void {
    if (Number.isNaN(saidMs)) return;
    const [leastMs, mostMs] = [saidMs - answeredAtMs, saidMs + 999 - askedAtMs];
    const least = Math.max(leastMs, this.#ahead.leastMs);
    const most = Math.min(mostMs, this.#ahead.mostMs);
    // No overlap: one of the clocks was set meanwhile, and what was learnt before is worth nothing.
    this.#ahead = least <= most ? { leastMs: least, mostMs: most } : { leastMs, mostMs };
  }
}
