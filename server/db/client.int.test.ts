import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lockMesh, readMesh, saveRevision } from "./mesh-repository.ts";
import { startTestDatabase, type TestDatabase } from "./start-test-database.ts";

let test: TestDatabase;
beforeAll(async () => (test = await startTestDatabase()));
afterAll(() => test.stop());

const PATIENCE = { timeout: 15_000 };
const DOWN = { code: "DATABASE_DOWN" };
const edit = (revision: number): Promise<void> =>
  test.database.transaction(async (tx) => {
    await lockMesh(tx);
    await saveRevision(tx, revision, new Date(0));
  });

describe("the database client", () => {
  it("fails within seconds while PostgreSQL is away, says so, and works again once it is back", async () => {
    await edit(1);
    expect(test.database.status()).toMatchObject({ state: "up", problem: "" });

    await test.kill();
    const startMs = performance.now();
    await expect(edit(2)).rejects.toMatchObject(DOWN);
    await expect(test.database.read(readMesh)).rejects.toMatchObject(DOWN);
    expect(performance.now() - startMs).toBeLessThan(10_000);
    expect(test.database.status().state).toBe("down");
    expect(test.database.status().problem).not.toBe("");

    await test.restart();
    expect((await test.database.read(readMesh)).revision).toBe(1);
    await edit(2);
    expect(test.database.status().state).toBe("up");
  });

  it("reports a server that dies within a transaction as down, keeps nothing of it, and the process lives", async () => {
    const before = (await test.database.read(readMesh)).revision;
    const broken = test.database.transaction(async (tx) => {
      await lockMesh(tx);
      await saveRevision(tx, before + 1, new Date(0));
      await test.kill();
      return readMesh(tx);
    });
    await expect(broken).rejects.toMatchObject(DOWN);
    await test.restart();
    expect((await test.database.read(readMesh)).revision).toBe(before);
  });

  it("says that it is not known whether an edit was saved when the connection broke at the end", async () => {
    const broken = test.database.transaction(async (tx) => {
      await lockMesh(tx);
      await test.kill();
    });
    await expect(broken).rejects.toMatchObject({ ...DOWN, detail: expect.stringContaining("look whether") });
    await test.restart();
  });

  it("reports a server that takes no changes, as a replica does, as down, and works once it takes them", async () => {
    const admin = new Client({ connectionString: test.url });
    await admin.connect();
    await admin.query("ALTER SYSTEM SET default_transaction_read_only = on");
    await admin.query("SELECT pg_reload_conf()");
    const problem = (): Promise<string> =>
      edit(3).then(
        () => "",
        () => test.database.status().problem,
      );
    await expect.poll(problem, PATIENCE).toMatch(/read-only/);
    await expect(edit(3)).rejects.toMatchObject(DOWN);
    await admin.query("ALTER SYSTEM RESET default_transaction_read_only");
    await admin.query("SELECT pg_reload_conf()");
    await expect.poll(() => edit(3).then(() => "saved", String), PATIENCE).toBe("saved");
    await admin.end();
  });

  it("does not take a broken rule for a server that is away", async () => {
    const { incarnation } = await test.database.read(readMesh);
    await expect(test.database.read((db) => db.mesh.create({ data: { id: 1, incarnation } }))).rejects.toMatchObject({
      code: "P2002",
    });
    expect(test.database.status().state).toBe("up");
  });
});
