import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { anchorSource } from "#control/anchor-source.ts";
import { createRoute } from "#control/create-route.ts";
import { verifyAudit } from "#control/verify-audit.ts";
import { chainEnd } from "#db/audit-repository.ts";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import type { Actor } from "#domain/audit.ts";
import { RouteSpec } from "#domain/route.ts";
import { keepAuditAnchor, type AuditAnchorKeeper } from "./audit-anchor.ts";
import { standForElection } from "./election.ts";
import { eventually, quietLog, startTestZooKeeper, type TestZooKeeper } from "./test-harness.ts";

const ada: Actor = { kind: "person", id: "ada", name: "Ada" };
const ROOT = "/anchored";
const PATH = `${ROOT}/audit-anchor`;

let server: TestZooKeeper;
let test: TestDatabase;
let keeper: AuditAnchorKeeper;
/** How often the keeper has looked at the log. */
let looks = 0;
beforeAll(async () => {
  [server, test] = await Promise.all([startTestZooKeeper(), startTestDatabase()]);
  const zk = server.connect();
  const election = server.owns(standForElection(zk, ROOT, "console", quietLog));
  keeper = server.owns(
    keepAuditAnchor(zk, {
      root: ROOT,
      election,
      source: {
        read: (sequence) => {
          looks += 1;
          return anchorSource(test).read(sequence);
        },
      },
      log: quietLog,
      everyMs: 50,
      entries: 3,
    }),
  );
});
afterAll(async () => {
  await server.close();
  await test.stop();
});

/** Waits until the keeper has had its chance to write. */
async function passes(): Promise<void> {
  const seen = looks;
  await eventually("two more looks", () => looks >= seen + 2);
}

let count = 0;
async function edits(many: number): Promise<void> {
  for (let n = 0; n < many; n += 1) {
    count += 1;
    const spec = RouteSpec.parse({ matches: [{}], destinations: [{ service: "catalog", weight: 1 }] });
    await createRoute({ database: test.database }, { id: `r${count}`, spec }, ada);
  }
}

const verify = () => verifyAudit({ database: test.database, anchor: keeper });
const end = () => test.database.read(chainEnd);

async function sql(...statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: test.url });
  await client.connect();
  await client.query("ALTER TABLE audit_entry DISABLE TRIGGER ALL");
  for (const statement of statements) await client.query(statement);
  await client.query("ALTER TABLE audit_entry ENABLE TRIGGER ALL");
  await client.end();
}

describe("the audit anchor", () => {
  it("is written by the leader, and moves on with the log", async () => {
    expect(await verify()).toMatchObject({ ok: true, anchor: { state: "none", sequence: null } });
    await edits(1);
    await eventually("the first anchor", async () => (await keeper.read())?.sequence === 1);
    await edits(3);
    const anchor = await eventually("the next anchor", async () => {
      const found = await keeper.read();
      return found?.sequence === 4 && found;
    });
    expect({ sequence: anchor.sequence, hash: anchor.hash }).toEqual(await end());
    expect(await verify()).toMatchObject({ ok: true, checked: 4, anchor: { state: "agrees", sequence: 4 } });
  });

  it("betrays a database that was rolled back whole, the mesh row included, and stays as the evidence", async () => {
    const { sequence, hash } = await end();
    await sql(
      "CREATE TABLE copy AS SELECT * FROM audit_entry",
      "DELETE FROM audit_entry WHERE sequence > 2",
      "UPDATE mesh SET audit_sequence = 2, audit_hash = (SELECT hash FROM audit_entry WHERE sequence = 2)",
    );
    expect(await verify()).toEqual({
      ok: false,
      checked: 2,
      firstBroken: 3,
      anchor: { state: "missing", sequence },
    });
    // The log grows again past the anchor, every entry right in itself: another history.
    await edits(5);
    expect(await verify()).toEqual({
      ok: false,
      checked: 7,
      firstBroken: sequence,
      anchor: { state: "differs", sequence },
    });
    await passes();
    expect(await keeper.read()).toMatchObject({ sequence, hash });
    await sql(
      "DELETE FROM audit_entry",
      "INSERT INTO audit_entry SELECT * FROM copy",
      "DROP TABLE copy",
      `UPDATE mesh SET audit_sequence = ${sequence}, audit_hash = '${hash}'`,
    );
    expect(await verify()).toMatchObject({ ok: true, anchor: { state: "agrees" } });
    await edits(3);
    await eventually("the anchor moves on", async () => (await keeper.read())?.sequence === sequence + 3);
  });

  it("of another database is not ours to compare with, and left alone until we take over from it", async () => {
    const zk = server.connect();
    const node = await zk.read(PATH);
    const other = "00000000-0000-4000-8000-000000000000";
    const foreign = JSON.stringify({ v: 1, incarnation: other, sequence: 900, hash: "x", atMs: 1 });
    await zk.write(PATH, Buffer.from(foreign), node?.version ?? -1);
    expect(await verify()).toMatchObject({ ok: true, anchor: { state: "none" } });
    await edits(4);
    await passes();
    expect((await keeper.read())?.incarnation).toBe(other);
    await test.database.read((db) => db.mesh.update({ where: { id: 1 }, data: { supersedes: other } }));
    const { sequence } = await end();
    await eventually("ours", async () => (await keeper.read())?.sequence === sequence);
    expect(await verify()).toMatchObject({ ok: true, anchor: { state: "agrees", sequence } });
  });

  it("that cannot be read now is said to be so", async () => {
    await server.crash();
    expect(await verify()).toMatchObject({ ok: true, anchor: { state: "unread", sequence: null } });
  });
});
