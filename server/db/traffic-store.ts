import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Pool, type PoolClient, type QueryResultRow } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { MeshError } from "#domain/errors.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import { BROKEN, databaseProblem } from "./database-problem.ts";

/** A transaction on the tables of traffic. */
export interface TrafficTx {
  query<Row extends QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Appends rows by COPY; `into` is the table with its columns. */
  copy(into: string, rows: readonly (readonly CopyValue[])[]): Promise<void>;
}

/** What a column is given; null is SQL's NULL. */
export type CopyValue = string | number | Date | Uint8Array | null;

/** Traffic's own way to PostgreSQL: COPY and partitions are nothing Prisma does. Its waits are short, and keep no edit waiting. */
export interface TrafficStore extends Part {
  /** Runs `work` in one transaction, alone among all consoles' writers. @throws MeshError DATABASE_DOWN. */
  write<T>(work: (tx: TrafficTx) => Promise<T>): Promise<T>;
  /** Runs `work` on one state of the database. May run twice. @throws MeshError DATABASE_DOWN. */
  read<T>(work: (tx: TrafficTx) => Promise<T>): Promise<T>;
}

/** Ours among advisory locks. */
const WRITERS_LOCK = 72_707_371;
/** Connections of those who look, and of those who write: the latter must not wait for the former. */
const READERS = 3;
const WRITERS = 2;
const CONNECT_MS = 2000;
const STATEMENT_MS = 4000;

/** Opens it. Connects at the first call, and never throws for a server that does not answer. */
export function openTrafficStore(options: { readonly url: string; readonly log: Log }): TrafficStore {
  const readers = openPool(options, READERS);
  const writers = openPool(options, WRITERS);

  async function run<T>(pool: Pool, begin: string, work: (tx: TrafficTx) => Promise<T>, again: boolean): Promise<T> {
    try {
      return await transact(await pool.connect(), begin, work);
    } catch (error) {
      const problem = databaseProblem(error);
      if (problem === undefined) throw error;
      // A connection left over from before a restart of the server.
      if (problem === BROKEN && again) return run(pool, begin, work, false);
      throw new MeshError("DATABASE_DOWN", { cause: error });
    }
  }

  return {
    name: "traffic store",
    write: (work) =>
      run(
        writers,
        "BEGIN",
        async (tx) => {
          await tx.query("SELECT pg_advisory_xact_lock($1)", [WRITERS_LOCK]);
          return work(tx);
        },
        false,
      ),
    read: (work) => run(readers, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", work, true),
    async stop() {
      await Promise.all([readers.end(), writers.end()]);
    },
  };
}

function openPool({ url, log }: { readonly url: string; readonly log: Log }, max: number): Pool {
  const pool = new Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: 30_000,
    statement_timeout: STATEMENT_MS,
    idle_in_transaction_session_timeout: STATEMENT_MS,
    query_timeout: STATEMENT_MS + 500,
    keepAlive: true,
    application_name: "meshkeeper traffic",
  });
  // Unhandled, it would end the process. Whoever uses the next connection hears of the failure.
  pool.on("error", (error) => log.debug({ err: error }, "idle traffic connection lost"));
  return pool;
}

async function transact<T>(client: PoolClient, begin: string, work: (tx: TrafficTx) => Promise<T>): Promise<T> {
  let failed = true;
  // A connection that breaks while nobody waits for an answer says so by an event.
  const onError = (): void => undefined;
  client.on("error", onError);
  try {
    await client.query(begin);
    const result = await work(transactionOf(client));
    await client.query("COMMIT");
    failed = false;
    return result;
  } finally {
    client.removeListener("error", onError);
    // After a failure nobody knows what state the connection is in; ending it ends the transaction.
    client.release(failed);
  }
}

function transactionOf(client: PoolClient): TrafficTx {
  return {
    query: async <Row extends QueryResultRow>(sql: string, values: readonly unknown[] = []) =>
      (await client.query<Row>(sql, [...values])).rows,
    async copy(into, rows) {
      if (rows.length === 0) return;
      await pipeline(Readable.from(linesOf(rows)), client.query(copyFrom(`COPY ${into} FROM STDIN`)));
    },
  };
}

/** Rows of one piece of the stream. */
const PIECE = 200;

function* linesOf(rows: readonly (readonly CopyValue[])[]): Generator<string> {
  for (let start = 0; start < rows.length; start += PIECE)
    yield rows
      .slice(start, start + PIECE)
      .map((row) => `${row.map(textOf).join("\t")}\n`)
      .join("");
}

/** COPY's text format (PostgreSQL manual, COPY, "Text Format"). */
function textOf(value: CopyValue): string {
  if (value === null) return "\\N";
  if (typeof value === "number") return String(value);
  if (value instanceof Date) return value.toISOString();
  // The backslash of bytea's hex form is itself escaped.
  if (value instanceof Uint8Array) return `\\\\x${Buffer.from(value).toString("hex")}`;
  return value.replaceAll("\0", "").replaceAll(/[\\\n\r\t]/g, (sign) => ESCAPED[sign] ?? "");
}

const ESCAPED: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
