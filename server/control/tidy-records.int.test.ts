import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import type { DriftState } from "#domain/drift.ts";
import { quietLog } from "#zookeeper/test-harness.ts";
import { doLeaderChores } from "./leader-chores.ts";
import { BATCH_ROWS, tidyRecords } from "./tidy-records.ts";

const START_MS = Date.parse("2026-11-29T12:00:00Z");
const DAY_MS = 24 * 3_600_000;
const daysAgo = (days: number): Date => new Date(START_MS - days * DAY_MS);
let test: TestDatabase;

beforeAll(async () => {
  test = await startTestDatabase();
  await test.database.client.mesh.update({ where: { id: 1 }, data: { revision: 20_000 } });
  await test.database.client.person.create({ data: { id: "ada", name: "Ada", email: "ada@mesh.test" } });
});
afterAll(() => test.stop());

const tidy = (nowMs = START_MS): Promise<boolean> => tidyRecords(test, { driftDays: 90, nowMs });

function findingOf(state: DriftState, resolvedAt: Date | null) {
  const key = `routes/${randomUUID()}`;
  return { id: randomUUID(), key, problem: "p", foundHash: "", foundAt: daysAgo(400), state, resolvedAt };
}

describe("what grows without end", () => {
  it("goes when it is old, and stays until then", async () => {
    const { client } = test.database;
    await client.driftFinding.createMany({
      data: [
        findingOf("repaired", daysAgo(91)),
        findingOf("superseded", daysAgo(89)),
        findingOf("open", null),
        findingOf("ignored", daysAgo(300)),
      ],
    });
    await client.delivery.createMany({
      data: [9999, 10_000, 10_001].map((revision) => ({ revision, createdAt: daysAgo(1) })),
    });
    await client.deliveryAck.createMany({
      data: [10_000, 10_001].map((revision) => ({ gatewayId: "gw-1", revision, at: daysAgo(1) })),
    });
    await client.transitionCursor.createMany({
      data: [6, 8].map((days) => ({ gatewayId: "gw-1", run: `r${days}`, sequence: 1, updatedAt: daysAgo(days) })),
    });
    const answer = { actorId: "ada", fingerprint: "f", result: {} };
    await client.idempotencyKey.createMany({
      data: [0.9, 1.1].map((days) => ({ ...answer, key: `k${days}`, createdAt: daysAgo(days) })),
    });
    for (const expiresAt of [daysAgo(0.01), daysAgo(-1)]) {
      const id = randomUUID();
      await client.session.create({ data: { id, token: id, expiresAt, userId: "ada" } });
      await client.verification.create({ data: { id, identifier: id, value: "v", expiresAt } });
      await client.signInLink.create({ data: { tokenHash: id, createdAt: daysAgo(2), expiresAt } });
    }

    expect(await tidy()).toBe(false);

    const findings = await client.driftFinding.findMany({ orderBy: { state: "asc" } });
    expect(findings.map(({ state }) => state)).toEqual(["ignored", "open", "superseded"]);
    expect(await client.delivery.findMany({ select: { revision: true } })).toEqual([{ revision: 10_001 }]);
    expect(await client.deliveryAck.findMany({ select: { revision: true } })).toEqual([{ revision: 10_001 }]);
    expect(await client.transitionCursor.findMany({ select: { run: true } })).toEqual([{ run: "r6" }]);
    expect(await client.idempotencyKey.findMany({ select: { key: true } })).toEqual([{ key: "k0.9" }]);
    for (const rows of [client.session.count(), client.verification.count(), client.signInLink.count()])
      expect(await rows).toBe(1);
  });

  it("goes in batches, whichever console's turn it is, and two at once come to the same", async () => {
    const { client } = test.database;
    const rows = 2 * BATCH_ROWS + 1;
    await client.driftFinding.createMany({
      data: Array.from({ length: rows }, () => findingOf("repaired", daysAgo(200))),
    });
    const left = (): Promise<number> => client.driftFinding.count({ where: { resolvedAt: daysAgo(200) } });
    expect(await tidy()).toBe(true);
    expect(await left()).toBe(rows - BATCH_ROWS);
    await Promise.all([tidy(), tidy()]);
    await tidy();
    expect(await left()).toBe(0);
  });

  it("is what the leader sees to, and nobody else", async () => {
    const { client } = test.database;
    let nowMs = START_MS;
    let leads = false;
    const deps = { ...test, clock: { nowMs: () => nowMs, monotonicMs: () => nowMs } };
    const chores = doLeaderChores(deps, { isLeader: () => leads, driftDays: 1, log: quietLog });
    const over = (): Promise<number> => client.driftFinding.count({ where: { state: "superseded" } });
    await chores.work();
    expect(await over()).toBe(1);
    leads = true;
    await chores.work();
    expect(await over()).toBe(0);
    await client.driftFinding.create({ data: findingOf("superseded", daysAgo(2)) });
    await chores.work();
    expect(await over()).toBe(1);
    nowMs += DAY_MS;
    await chores.work();
    expect(await over()).toBe(0);
    await chores.stop();
  });

  it("of one table waits for no other that cannot be tidied, which is said every ten minutes", async () => {
    const { client } = test.database;
    const said: string[] = [];
    let nowMs = START_MS + 10 * DAY_MS;
    const deps = { ...test, clock: { nowMs: () => nowMs, monotonicMs: () => nowMs } };
    const log = pino({ level: "warn" }, { write: (line: string) => void said.push(line) });
    const chores = doLeaderChores(deps, { isLeader: () => true, log });
    await client.$executeRaw`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not this one'; END $$`;
    await client.$executeRaw`CREATE TRIGGER refuse BEFORE DELETE ON "delivery" FOR EACH STATEMENT EXECUTE FUNCTION refuse()`;
    await client.signInLink.create({ data: { tokenHash: "old", createdAt: daysAgo(2), expiresAt: daysAgo(1) } });
    await chores.work();
    expect(await client.signInLink.count({ where: { tokenHash: "old" } })).toBe(0);
    nowMs += 1000;
    await chores.work();
    expect(said.filter((line) => line.includes("not this one"))).toHaveLength(1);
    nowMs += 600_000;
    await chores.work();
    expect(said).toHaveLength(2);
    await chores.stop();
    await client.$executeRaw`DROP FUNCTION refuse() CASCADE`;
  });
});
