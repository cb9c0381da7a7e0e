import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { createRoute } from "#control/create-route.ts";
import { decideDrift } from "#control/decide-drift.ts";
import { listDrift } from "#control/list-drift.ts";
import { listRoutes } from "#control/list-routes.ts";
import { removeRoute } from "#control/remove-route.ts";
import { setDriftMode } from "#control/set-drift-mode.ts";
import { surveyMesh } from "#control/survey-mesh.ts";
import { takeOver } from "#control/take-over.ts";
import { updateRoute } from "#control/update-route.ts";
import { readStored, writeStored } from "#db/policy-repository.ts";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import { lintRoutes } from "#domain/route-lint.ts";
import { decodeDocument, documentHash, encodeDocument } from "#zookeeper/codec.ts";
import { eventually, startTestZooKeeper, type TestZooKeeper } from "#zookeeper/test-harness.ts";
import { TestGateways } from "./test-gateway.ts";
import { ADA, answerAt, answering, answerOf, startPublishing } from "./test-publishing.ts";

// Processes start and stop in each of these, on a machine that may be busy.
vi.setConfig({ testTimeout: 240_000 });

let server: TestZooKeeper;
let first: TestDatabase;
let other: TestDatabase;
let dataDir = "";
let gateways: TestGateways;
beforeAll(async () => {
  [server, first, other] = await Promise.all([startTestZooKeeper(), startTestDatabase(), startTestDatabase()]);
});
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "meshkeeper-age-"));
  gateways = new TestGateways({ ZOOKEEPER: server.address, DATA_DIR: dataDir });
  await server.crash();
  server.wipe();
  await server.start();
  await first.database.transaction(async (tx) => {
    await tx.policyObject.deleteMany();
    await tx.delivery.deleteMany();
    await tx.mesh.update({ where: { id: 1 }, data: { revision: 0, driftMode: "repair" } });
  });
});
afterEach(async () => {
  gateways.killAll();
  await server.release();
  rmSync(dataDir, { recursive: true, force: true });
});
afterAll(async () => {
  await server.close();
  await Promise.all([first.stop(), other.stop()]);
});

/** Two routes for the same requests; the older has the later name. */
async function twoEqual(deps: ReturnType<typeof startPublishing>): Promise<void> {
  await createRoute(deps, { id: "zulu", spec: answering("older") }, ADA);
  await createRoute(deps, { id: "alpha", spec: answering("younger") }, ADA);
}

it("the older of two equal routes wins, however often it is edited, also by a gateway that has only its disk", async () => {
  const deps = startPublishing(server, first.database);
  await twoEqual(deps);
  const gateway = await gateways.start();
  expect(await answerAt(gateway, 2)).toBe("older");
  await updateRoute(deps, { id: "zulu", expectedVersion: 1, spec: answering("older", "edited") }, ADA);
  expect(await answerAt(gateway, 3)).toBe("older");
  // The console's checks go by the same rule, over the rows it has.
  expect(
    lintRoutes(await listRoutes(deps), null).flatMap(({ code, routeId }) => (code === "never-wins" ? routeId : [])),
  ).toEqual(["alpha"]);

  await server.crash();
  gateway.child.kill("SIGTERM");
  await gateway.exited;
  const restarted = await gateways.start();
  expect(await answerOf(restarted)).toEqual({ text: "older", revision: 3 });
  await server.start();
  await updateRoute(deps, { id: "zulu", expectedVersion: 2, spec: answering("older", "edited again") }, ADA);
  expect(await answerAt(restarted, 4)).toBe("older");

  await removeRoute(deps, { id: "zulu", expectedVersion: 3 }, ADA);
  expect(await answerAt(restarted, 5)).toBe("younger");
  await createRoute(deps, { id: "zulu", spec: answering("made anew") }, ADA);
  expect(await answerAt(restarted, 6)).toBe("younger");
});

it("what a version without ages published keeps its order, is not written anew, and keeps its age when it is edited", async () => {
  const older = startPublishing(server, first.database);
  await createRoute(older, { id: "zulu", spec: answering("first") }, ADA);
  await createRoute(older, { id: "alpha", spec: answering("second") }, ADA);
  await updateRoute(older, { id: "zulu", expectedVersion: 1, spec: answering("first", "edited") }, ADA);
  await eventually("published", () => older.publisher.status().publishedRevision === 3);
  await server.release();
  // As that version left both sides: by its rule the edit made `zulu` the younger one.
  const zk = server.connect();
  await first.database.transaction(async (tx) => {
    const rows = (await readStored(tx)).map((row) => ({
      ...row,
      created: null,
      hash: documentHash({ spec: row.spec }),
    }));
    await writeStored(tx, rows);
  });
  for (const id of ["zulu", "alpha"]) {
    const path = `/meshkeeper/policy/routes/${id}`;
    const node = await zk.read(path);
    const document = decodeDocument(node?.data ?? Buffer.alloc(0));
    if (!document.ok) throw new Error(document.problem);
    const { created: _, ...rest } = document.value;
    await zk.write(path, encodeDocument({ ...rest, hash: documentHash({ spec: rest.spec }) }), -1);
  }
  await zk.remove("/meshkeeper/policy/head", -1);
  const leader = startPublishing(server, first.database);
  await eventually("the head", () => leader.publisher.status().publishedRevision === 3);
  await server.release();

  const deps = startPublishing(server, first.database);
  await eventually("everything compared", () => deps.publisher.status().lastFullPass !== null);
  expect(deps.publisher.status().lastFullPass).toMatchObject({ documents: 2, writes: 0 });
  const gateway = await gateways.start();
  expect(await answerAt(gateway, 3)).toBe("second");
  await updateRoute(deps, { id: "alpha", expectedVersion: 1, spec: answering("second", "edited") }, ADA);
  expect(await answerAt(gateway, 4)).toBe("second");
  expect((await first.database.read(readStored)).map(({ id, created }) => [id, created])).toEqual(
    expect.arrayContaining([
      ["zulu", null],
      ["alpha", 2],
    ]),
  );
});

it("what a console of a version without ages edits beside ours has none, and gateways take it", async () => {
  const deps = startPublishing(server, first.database);
  await twoEqual(deps);
  const gateway = await gateways.start();
  expect(await answerAt(gateway, 2)).toBe("older");
  const spec = answering("edited by an older console");
  // As that version saves an edit.
  await first.database.transaction(async (tx) => {
    await tx.$executeRaw`
      UPDATE "policy_object" SET "version" = 2, "revision" = 3, "spec" = ${JSON.stringify(spec)}::json,
        "hash" = ${documentHash({ spec })} WHERE "id" = 'zulu'`;
    await tx.$executeRaw`UPDATE "policy_object" SET "version" = 2, "revision" = 3, "spec" = NULL,
        "hash" = ${documentHash({ spec: null })} WHERE "id" = 'alpha'`;
    await tx.delivery.create({ data: { revision: 3, createdAt: new Date() } });
    await tx.mesh.update({ where: { id: 1 }, data: { revision: 3 } });
  });
  deps.publisher.wake();
  expect(await answerAt(gateway, 3)).toBe("edited by an older console");
  const ages = (await first.database.read(readStored)).map(({ created }) => created);
  expect(ages).toEqual([null, null]);
  await updateRoute(deps, { id: "zulu", expectedVersion: 2, spec: answering("edited by ours") }, ADA);
  expect(await answerAt(gateway, 4)).toBe("edited by ours");
  expect((await listRoutes(deps)).map(({ id, created }) => [id, created])).toEqual([["zulu", 3]]);
});

it("the age survives adopting what somebody else wrote, and keeping the mesh in another database", async () => {
  const deps = startPublishing(server, first.database);
  await setDriftMode(deps, { mode: "hold" }, ADA);
  await twoEqual(deps);
  const gateway = await gateways.start();
  expect(await answerAt(gateway, 2)).toBe("older");
  const zk = server.connect();
  const path = "/meshkeeper/policy/routes/zulu";
  const spec = answering("older", "by hand");
  const hand = { v: 1, key: "routes/zulu", revision: 1, created: 1, spec, incarnation: "" } as const;
  const { incarnation } = await first.database.read((db) => db.mesh.findUniqueOrThrow({ where: { id: 1 } }));
  await zk.write(path, encodeDocument({ ...hand, incarnation, hash: documentHash(hand) }), -1);
  await eventually("found", async () => (await listDrift(deps, { state: "standing", limit: 1 })).length === 1);
  const [finding] = await listDrift(deps, { state: "standing", limit: 1 });
  if (finding === undefined) throw new Error("nothing was found");
  await decideDrift(deps, { id: finding.id, foundHash: finding.foundHash, decision: "adopt" }, ADA);
  expect(await answerAt(gateway, 3)).toBe("older");
  await server.release();

  const comer = startPublishing(server, other.database);
  // Here the younger one was made first.
  await createRoute(comer, { id: "alpha", spec: answering("younger") }, ADA);
  await createRoute(comer, { id: "zulu", spec }, ADA);
  await eventually("halted", () => comer.publisher.status().halt?.kind === "foreign");
  const { mesh, database } = await surveyMesh(comer);
  const expected = {
    meshIncarnation: mesh.incarnation,
    meshRevision: mesh.revision,
    databaseRevision: database.revision,
  };
  const { revision } = await takeOver(comer, { keep: "mesh", expected }, ADA);
  expect(await answerAt(gateway, revision)).toBe("older");
  const ages = (await listRoutes(comer)).map(({ id, created, version }) => [id, created, version]);
  expect(ages).toEqual([
    ["alpha", 2, 1],
    ["zulu", 1, 1],
  ]);
});
