import { Pool } from "undici";

const CONNECT_TIMEOUT_MS = 5000;
/** Below the 5 s after which Node's own servers close an idle connection, so that we rarely write into a closing one. */
const KEEP_ALIVE_MS = 4000;

/** Connections to instances, one pool per origin. undici: node:http's agent can hand one request's poisoned answer to the next. */
export class UpstreamPools {
  readonly #pools = new Map<string, Pool>();

  /** `origin` is `http://address:port`. */
  get(origin: string): Pool {
    const known = this.#pools.get(origin);
    if (known !== undefined) return known;
    // Deadlines are ours (one wheel); a second set of timers in undici would only cost.
    const pool = new Pool(origin, {
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connect: { timeout: CONNECT_TIMEOUT_MS },
      allowH2: false,
    });
    this.#pools.set(origin, pool);
    return pool;
  }

  /** Lets go of pools whose instances are gone; calls in flight there end first. */
  retain(origins: ReadonlySet<string>): void {
    for (const [origin, pool] of this.#pools) {
      if (origins.has(origin)) continue;
      this.#pools.delete(origin);
      void pool.close();
    }
  }

  /** Cuts every connection. */
  async stop(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
    this.#pools.clear();
  }
}
