import { setImmediate } from "node:timers/promises";
import { backoffMs, pause } from "#platform/backoff.ts";
import type { ZooKeeperState } from "#domain/zookeeper-status.ts";
import type { Log } from "#platform/log.ts";
import type { Credentials } from "./access.ts";
import { openConnection, type Connection, type SessionTicket } from "./connection.ts";
import type { Server } from "./servers.ts";

export interface SupervisorOptions {
  readonly servers: readonly [Server, ...Server[]];
  readonly sessionTimeoutMs: number;
  readonly auth: readonly Credentials[];
  readonly log: Log;
  /** Asks the server something trivial; resolves when it answered, and must not reject. */
  readonly probe: (connection: Connection) => Promise<void>;
  readonly onLive: (connection: Connection, server: Server) => Promise<void>;
  readonly onDown: (state: Exclude<ZooKeeperState, "live">, problem: string) => void;
}

/** Keeps one session going over one connection after another, and starts a new session where that cannot be. */
export function superviseSession(options: SupervisorOptions): { stop(): Promise<void> } {
  const { sessionTimeoutMs, auth, log } = options;
  const stopping = new AbortController();
  const firstServer = Math.floor(Math.random() * options.servers.length);
  let connection: Connection | null = null;
  let ticket: SessionTicket | null = null;
  let lostBefore = false;

  const done = run().catch((error: unknown) => log.fatal({ err: error }, "the ZooKeeper supervisor failed"));

  async function run(): Promise<void> {
    let heldAt = performance.now();
    let tries = 0;
    for (let attempt = 0; !stopping.signal.aborted; attempt += 1) {
      const server = options.servers[(firstServer + attempt) % options.servers.length] ?? options.servers[0];
      const resuming = ticket !== null;
      connection = connect(server);
      const outcome = await connection.established;
      if (outcome === "established") {
        const liveAt = performance.now();
        await serve(connection, server);
        heldAt = performance.now();
        if (heldAt - liveAt > sessionTimeoutMs) tries = 0;
      } else if (outcome === "expired") {
        giveUpSession("The session expired; starting a new one.");
        continue;
      } else if (resuming && performance.now() - heldAt > 2 * sessionTimeoutMs) {
        // Also the way out when a wiped server silently refuses a client that has seen later transactions.
        giveUpSession(
          `No ZooKeeper server has taken the session back for ${Math.round((performance.now() - heldAt) / 1000)} s.`,
        );
      } else if (outcome === "refused") {
        options.onDown(
          ticket === null ? sessionless() : "suspended",
          `ZooKeeper at ${server.host}:${server.port} refuses this process's credentials: digest authentication is off there.`,
        );
      } else if (ticket === null) {
        options.onDown(sessionless(), `ZooKeeper does not answer at ${server.host}:${server.port}.`);
      }
      await pause(backoffMs(tries, { firstMs: 50, maxMs: Math.min(5000, sessionTimeoutMs) }), stopping.signal);
      tries += 1;
    }
  }

  function sessionless(): "lost" | "connecting" {
    return lostBefore ? "lost" : "connecting";
  }

  function connect(server: Server): Connection {
    const connectTimeoutMs = Math.max(500, Math.floor(sessionTimeoutMs / 3));
    return openConnection({ server, sessionTimeoutMs, connectTimeoutMs, ticket, auth, log });
  }

  function giveUpSession(problem: string): void {
    ticket = null;
    lostBefore = true;
    options.onDown("lost", problem);
  }

  async function serve(live: Connection, server: Server): Promise<void> {
    ticket = live.ticket();
    const watchdog = new AbortController();
    const watching = watch(live, watchdog.signal);
    await options.onLive(live, server);
    await live.closed;
    watchdog.abort();
    await watching;
    ticket = live.ticket();
    lostBefore = true;
    if (!stopping.signal.aborted) {
      options.onDown(
        "suspended",
        `The connection to ZooKeeper at ${server.host}:${server.port} is lost; reconnecting.`,
      );
    }
  }

  /** A dead connection looks idle to the library for ever: ask, and cut it when no answer comes. */
  async function watch(live: Connection, signal: AbortSignal): Promise<void> {
    const timeoutMs = live.sessionTimeoutMs();
    while (live.isOpen() && !signal.aborted) {
      const answered = options.probe(live).then(() => true);
      const limit = new AbortController();
      const inTime = await Promise.race([answered, pause((timeoutMs * 2) / 3, limit.signal).then(() => false)]);
      limit.abort();
      // This process may have been too busy to read the answer: let what is in the socket in first.
      if (!inTime && !(await Promise.race([answered, setImmediate(false)]))) {
        log.warn("ZooKeeper has stopped answering; cutting the connection");
        live.destroy();
        return;
      }
      await pause(timeoutMs / 3, signal);
    }
  }

  return {
    async stop() {
      stopping.abort();
      await connection?.close();
      await done;
    },
  };
}
