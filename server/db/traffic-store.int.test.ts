import { Client } from "pg";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestDatabase, type TestDatabase } from "./start-test-database.ts";
import { openTrafficStore, type TrafficStore } from "./traffic-store.ts";

let test: TestDatabase;
let store: TrafficStore;
let client: Client;

beforeAll(async () => {
  test = await startTestDatabase();
  store = openTrafficStore({ url: test.url, log: pino({ level: "silent" }) });
  client = new Client({ connectionString: test.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await store.stop();
  await test.stop();
});

it("writes while many look at the past, however long each of them takes", async () => {
  await client.query("SELECT pg_advisory_lock(1)");
  const reads = Array.from({ length: 8 }, () => store.read((tx) => tx.query("SELECT pg_advisory_xact_lock_shared(1)")));
  const looking = Promise.allSettled(reads);
  // Those that have a connection wait for the lock, the others for a connection.
  await expect
    .poll(
      async () => (await client.query(`SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'advisory'`)).rowCount,
    )
    .toBeGreaterThan(0);
  expect(await store.write((tx) => tx.query(`SELECT 1 AS "one"`))).toEqual([{ one: 1 }]);
  await client.query("SELECT pg_advisory_unlock(1)");
  await looking;
});
