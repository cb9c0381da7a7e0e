import { afterAll, beforeAll, expect, it } from "vitest";
import { createRoute } from "#control/create-route.ts";
import { readStored, writeStored, type StoredPolicy } from "#db/policy-repository.ts";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import { Lifecycle } from "#platform/lifecycle.ts";
import { decodeHead } from "#zookeeper/codec.ts";
import { eventually, quietLog, startTestZooKeeper, type TestZooKeeper } from "#zookeeper/test-harness.ts";
import { composePublishing, type Publishing } from "./compose-publishing.ts";
import { ADA, answering } from "./test-publishing.ts";

let server: TestZooKeeper;
let test: TestDatabase;
beforeAll(async () => {
  [server, test] = await Promise.all([startTestZooKeeper(), startTestDatabase()]);
});
afterAll(async () => {
  await server.close();
  await test.stop();
});

/** The database as a backup has it: the same incarnation, at an earlier revision. */
async function restore(rows: readonly StoredPolicy[], revision: number): Promise<void> {
  await test.database.transaction(async (tx) => {
    await tx.policyObject.deleteMany();
    await tx.delivery.deleteMany({ where: { revision: { gt: revision } } });
    await tx.mesh.update({ where: { id: 1 }, data: { revision } });
    await writeStored(tx, rows);
  });
}

/** A console that compares everything as good as never, with one route in a backup and one since. */
async function published(root: string): Promise<{ console: Publishing; backup: StoredPolicy[]; lifecycle: Lifecycle }> {
  await restore([], 0);
  const lifecycle = new Lifecycle(quietLog);
  const console = await composePublishing(
    {
      database: test.database,
      zookeeper: { servers: server.address },
      root,
      consoleId: "console-1",
      log: quietLog,
      everyMs: 3_600_000,
    },
    lifecycle,
  );
  await createRoute(console.deps, { id: "kept", spec: answering("kept") }, ADA);
  const backup = await test.database.read(readStored);
  await createRoute(console.deps, { id: "lost", spec: answering("lost") }, ADA);
  await eventually("published, and seen", () => {
    return console.publisher.status().publishedRevision === 2 && console.view.current().revision === 2;
  });
  return { console, backup, lifecycle };
}

it("a backup restored under a running console halts publishing long before everything is compared again", async () => {
  const { console, backup, lifecycle } = await published("/restored");
  await restore(backup, 1);
  await eventually("halted", () => console.publisher.status().halt?.kind === "behind");
  await lifecycle.stop();
});

it("one in which edits have made up for the revisions is noticed before anything of it is published", async () => {
  const { console, backup, lifecycle } = await published("/made-up-for");
  const [row] = backup;
  if (row === undefined) throw new Error("the backup has a route");
  await restore([row, { ...row, id: "other", revision: 2, created: 2 }], 2);
  await createRoute(console.deps, { id: "next", spec: answering("next") }, ADA);
  await eventually("halted", () => console.publisher.status().halt?.kind === "behind");
  expect(console.publisher.status().halt?.reason).toContain(
    "knows nothing of a change that was published: routes/lost",
  );
  const head = await server.connect().read("/made-up-for/policy/head");
  expect(decodeHead(head?.data ?? Buffer.alloc(0))).toMatchObject({ value: { revision: 2 } });
  await lifecycle.stop();
});
