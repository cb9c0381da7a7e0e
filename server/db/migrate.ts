import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import type { Log } from "#platform/log.ts";

export interface MigrateOptions {
  readonly url: string;
  readonly log: Log;
  /** Folder in Prisma's layout: `<timestamp>_<name>/migration.sql`. */
  readonly directory?: string;
}

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** The number Prisma's own `migrate deploy` locks: the two never run at once. */
const ADVISORY_LOCK = 72_707_369;
const DEFAULT_DIRECTORY = join(import.meta.dirname, "../../prisma/migrations");

/** The table as Prisma makes it, so that `prisma migrate` agrees where its engine is available. */
const HISTORY_TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`;

/**
 * Brings the database's tables up to date: each migration not yet applied, in order, in a transaction of its own, under
 * an advisory lock. Running it again, or in two processes at once, does nothing more.
 * @returns names of the migrations it applied.
 * @throws Error when an applied migration's file was changed, or the database knows migrations this version does not.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const migrations = await readMigrations(options.directory ?? DEFAULT_DIRECTORY);
  const client = new Client({
    connectionString: options.url,
    connectionTimeoutMillis: 3000,
    statement_timeout: 120_000,
  });
  client.on("error", (error) => options.log.warn({ err: error }, "lost the database while migrating"));
  try {
    await client.connect();
    await client.query("SELECT pg_advisory_lock($1)", [ADVISORY_LOCK]);
    await client.query(HISTORY_TABLE);
    const pending = await pendingOf(client, migrations);
    for (const migration of pending) {
      await apply(client, migration);
      options.log.info({ migration: migration.name }, "migration applied");
    }
    return pending.map((migration) => migration.name);
  } finally {
    // Ending the session releases the lock.
    await client.end().catch(() => {});
  }
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(directory, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

async function pendingOf(client: Client, migrations: readonly Migration[]): Promise<Migration[]> {
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    `SELECT "migration_name", "checksum" FROM "_prisma_migrations" WHERE "finished_at" IS NOT NULL AND "rolled_back_at" IS NULL`,
  );
  const applied = new Map(rows.map((row) => [row.migration_name, row.checksum]));
  const unknown = [...applied.keys()].filter((name) => !migrations.some((migration) => migration.name === name));
  if (unknown.length > 0) {
    throw new Error(
      `The database was made by a newer version of Meshkeeper: it has the migrations ${unknown.join(", ")}.`,
    );
  }
  for (const { name, checksum } of migrations) {
    const known = applied.get(name);
    if (known !== undefined && known !== checksum)
      throw new Error(`The migration ${name} was changed after it had been applied.`);
  }
  return migrations.filter((migration) => !applied.has(migration.name));
}

async function apply(client: Client, migration: Migration): Promise<void> {
  await client.query("BEGIN");
  try {
    await client.query(migration.sql);
    await client.query(
      `INSERT INTO "_prisma_migrations" ("id", "checksum", "migration_name", "started_at", "finished_at", "applied_steps_count")
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), migration.checksum, migration.name],
    );
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw new Error(`The migration ${migration.name} failed; nothing of it was kept.`, { cause: error });
  }
}
