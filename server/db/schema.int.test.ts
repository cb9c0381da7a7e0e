import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openLog } from "#platform/log.ts";
import { migrate } from "./migrate.ts";
import { startTestDatabase, type TestDatabase } from "./start-test-database.ts";

let test: TestDatabase;
let client: Client;
beforeAll(async () => {
  test = await startTestDatabase();
  client = new Client({ connectionString: test.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await test.stop();
});

const log = openLog("test", "fatal");
const PRISMA_DIR = join(import.meta.dirname, "../../prisma");

interface Column {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  String: "text",
  Int: "integer",
  Boolean: "boolean",
  DateTime: "timestamp with time zone",
  Json: "json",
  Bytes: "bytea",
};

/** Tables and columns as schema.prisma describes them. */
function schemaTables(schema: string): Record<string, Column[]> {
  const models = [...schema.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)];
  const names = new Set(models.map(([, name]) => name));
  return Object.fromEntries(
    models.map(([, name = "", body = ""]) => {
      const lines = body.split("\n").filter((line) => /^\s+[a-z]\w*\s+[A-Z]/.test(line));
      const columns = lines.flatMap((line): Column[] => {
        const [, field = "", type = "", mark = ""] = /^\s+(\w+)\s+(\w+)(\[\]|\?)?/.exec(line) ?? [];
        if (names.has(type)) return [];
        const sql = line.includes("@db.Uuid") ? "uuid" : (TYPES[type] ?? type);
        return [{ name: /@map\("(\w+)"\)/.exec(line)?.[1] ?? field, type: sql, nullable: mark === "?" }];
      });
      return [/@@map\("(\w+)"\)/.exec(body)?.[1] ?? name, sorted(columns)];
    }),
  );
}

const sorted = (columns: Column[]): Column[] => columns.toSorted((a, b) => (a.name < b.name ? -1 : 1));

describe("the migrations", () => {
  it("make exactly the tables and columns that schema.prisma describes", async () => {
    const { rows } = await client.query<{ table: string; name: string; type: string; nullable: boolean }>(
      `SELECT table_name AS "table", column_name AS name, data_type AS type, is_nullable = 'YES' AS nullable
       FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'`,
    );
    const made: Record<string, Column[]> = {};
    for (const { table, ...column } of rows) (made[table] ??= []).push(column);
    for (const [table, columns] of Object.entries(made)) made[table] = sorted(columns);
    expect(made).toEqual(schemaTables(await readFile(join(PRISMA_DIR, "schema.prisma"), "utf8")));
  });

  it("make the unique keys and indexes the schema names", async () => {
    const schema = await readFile(join(PRISMA_DIR, "schema.prisma"), "utf8");
    const { rows } = await client.query<{ indexname: string }>(
      "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'",
    );
    const indexes = new Set(rows.map((row) => row.indexname));
    const wanted = (schema.match(/@@index|@@unique|@unique\b/g) ?? []).length;
    expect([...indexes].filter((name) => /_(idx|key)$/.test(name))).toHaveLength(wanted);
  });

  it("do nothing the second time, and nothing twice when two consoles start at once", async () => {
    expect(await migrate({ url: test.url, log })).toEqual([]);
    await client.query("CREATE DATABASE fresh");
    const url = test.url.replace(/\/[^/]*$/, "/fresh");
    const applied = await Promise.all([migrate({ url, log }), migrate({ url, log }), migrate({ url, log })]);
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
  });

  it("are refused when an applied one was changed, or when the database knows more than this version", async () => {
    await client.query(`UPDATE "_prisma_migrations" SET "checksum" = reverse("checksum")`);
    await expect(migrate({ url: test.url, log })).rejects.toThrow(/was changed after/);
    await client.query(
      `UPDATE "_prisma_migrations" SET "checksum" = reverse("checksum"), "migration_name" = '2099_future'`,
    );
    await expect(migrate({ url: test.url, log })).rejects.toThrow(/newer version.*2099_future/);
  });
});
