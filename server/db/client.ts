import { PrismaPg } from "@prisma/adapter-pg";
import { MeshError } from "#domain/errors.ts";
import type { LinkStatus } from "#domain/link-status.ts";
import { systemClock, type Clock } from "#platform/clock.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import { PrismaClient, type Prisma } from "./generated/client.ts";
import { BROKEN, databaseProblem } from "./database-problem.ts";

export interface DatabaseOptions {
  readonly url: string;
  readonly log: Log;
  readonly clock?: Clock;
}

/** What repositories read and write with: the client itself, or a transaction of it. */
export type Tx = Prisma.TransactionClient;

/** PostgreSQL as the console sees it. Survives restarts of the server; while it is away every call fails within seconds. */
export interface Database extends Part {
  /** Runs statements that may run twice: reads, and writes that come to the same. @throws MeshError DATABASE_DOWN when the server does not answer. */
  read<T>(work: (db: Tx) => Promise<T>): Promise<T>;
  /** Runs all of `work` in one transaction, of at most `timeoutMs` (6 s); `work` may run twice, and is saved once at most. @throws MeshError DATABASE_DOWN, or what `work` threw. */
  transaction<T>(work: (tx: Tx) => Promise<T>, options?: { readonly timeoutMs?: number }): Promise<T>;
  /** The same, reading one state of the database throughout. */
  snapshot<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** As the latest call left it. */
  status(): LinkStatus;
  /** The bare client, for the auth library's adapter. Failures of it do not show in `status`. */
  readonly client: PrismaClient;
}

/** A connection is there within this, or the call fails. */
const CONNECT_MS = 2000;
/** Edits wait for one another at most this long. */
const STATEMENT_MS = 4000;
const TRANSACTION_MS = 6000;
/** A console that stands still in the middle of an edit must not keep the others from editing: the server ends that transaction. */
const IDLE_IN_TRANSACTION_MS = 2000;

/** Opens the database. Connects at the first call, and never throws for a server that does not answer. */
export function openDatabase(options: DatabaseOptions): Database {
  const clock = options.clock ?? systemClock;
  const log = options.log;
  let status: LinkStatus = { state: "connecting", sinceMs: clock.nowMs(), problem: "Not connected yet." };
  const client = openClient(options.url, log);

  function observe(problem: string): void {
    const state = problem === "" ? "up" : "down";
    if (state === status.state) {
      // It may be down for another reason by now.
      if (problem !== status.problem) status = { ...status, problem };
      return;
    }
    status = { state, sinceMs: clock.nowMs(), problem };
    if (state === "up") log.info("database answers");
    else log.warn({ problem }, "database does not answer");
  }

  /**
   * Runs a call. One that met a connection left over from before a restart of the server is run once more, unless
   * `mayHaveSaved`.
   */
  async function guarded<T>(run: () => Promise<T>, mayHaveSaved: () => boolean, again = true): Promise<T> {
    try {
      const result = await run();
      observe("");
      return result;
    } catch (error) {
      const problem = databaseProblem(error);
      if (problem === undefined) throw error;
      if (problem === BROKEN && again && !mayHaveSaved()) return guarded(run, mayHaveSaved, false);
      observe(problem);
      // A connection that breaks during COMMIT leaves open whether it happened.
      const detail = mayHaveSaved()
        ? {
            detail: "It went away while saving: look whether the change is there once it is back.",
            outcomeUnknown: true,
          }
        : {};
      throw new MeshError("DATABASE_DOWN", { cause: error, ...detail });
    }
  }

  function transact<T>(
    work: (tx: Tx) => Promise<T>,
    isolationLevel: Prisma.TransactionIsolationLevel,
    timeout = TRANSACTION_MS,
  ): Promise<T> {
    let finished = false;
    const run = (): Promise<T> =>
      client.$transaction(
        async (tx) => {
          const result = await work(tx);
          finished = true;
          return result;
        },
        { isolationLevel, maxWait: CONNECT_MS, timeout },
      );
    return guarded(run, () => finished);
  }

  return {
    name: "database",
    client,
    read: (work) =>
      guarded(
        () => work(client),
        () => false,
      ),
    transaction: (work, limits) => transact(work, "ReadCommitted", limits?.timeoutMs),
    snapshot: (work) => transact(work, "RepeatableRead"),
    status: () => status,
    stop: () => client.$disconnect(),
  };
}

function openClient(url: string, log: Log): PrismaClient {
  const pool = {
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: 30_000,
    statement_timeout: STATEMENT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    // The client's own deadline: a server whose machine is gone never says that a statement took too long.
    query_timeout: STATEMENT_MS + 500,
    keepAlive: true,
    application_name: "meshkeeper",
  };
  const adapter = new PrismaPg(pool, {
    // Unhandled, either would end the process. What failed is reported by the call that used the connection.
    onPoolError: (error) => log.debug({ err: error }, "idle database connection lost"),
    onConnectionError: (error) => log.debug({ err: error }, "database connection lost"),
  });
  return new PrismaClient({ adapter });
}
