import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createRoute } from "#control/create-route.ts";
import { listAudit } from "#control/list-audit.ts";
import { surveyMesh } from "#control/survey-mesh.ts";
import { takeOver, type TakeOverRequest } from "#control/take-over.ts";
import { failure } from "#control/test-bed/failure.ts";
import { updateRoute } from "#control/update-route.ts";
import { verifyAudit } from "#control/verify-audit.ts";
import { readMesh } from "#db/mesh-repository.ts";
import { readStored, writeStored, type StoredPolicy } from "#db/policy-repository.ts";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import type { KeptSide } from "#domain/publishing.ts";
import { decodeHead } from "#zookeeper/codec.ts";
import { eventually, startTestZooKeeper, type TestZooKeeper } from "#zookeeper/test-harness.ts";
import { TestGateways, type RunningGateway } from "./test-gateway.ts";
import { ADA, answerAt, answering, answerOf, startPublishing } from "./test-publishing.ts";

// Processes start, stop and lose their sessions in each of these, on a machine that may be busy.
vi.setConfig({ testTimeout: 240_000 });

let server: TestZooKeeper;
let test: TestDatabase;
let dataDir = "";
let gateways: TestGateways;
beforeAll(async () => {
  [server, test] = await Promise.all([startTestZooKeeper(), startTestDatabase()]);
});
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "meshkeeper-ahead-"));
  gateways = new TestGateways({ ZOOKEEPER: server.address, DATA_DIR: dataDir });
  await wipeZooKeeper();
  await restore([], 0);
});
afterEach(async () => {
  gateways.killAll();
  await server.release();
  rmSync(dataDir, { recursive: true, force: true });
});
afterAll(async () => {
  await server.close();
  await test.stop();
});

const NEW_SESSION_MS = 60_000;

type Publishing = ReturnType<typeof startPublishing>;

async function wipeZooKeeper(): Promise<void> {
  await server.crash();
  server.wipe();
  await server.start();
}

/** The database as a backup has it, of its own past: the same incarnation, at an earlier revision. */
async function restore(rows: readonly StoredPolicy[], revision: number): Promise<void> {
  await test.database.transaction(async (tx) => {
    await tx.policyObject.deleteMany();
    await tx.publisherReport.deleteMany();
    await tx.delivery.deleteMany({ where: { revision: { gt: revision } } });
    await tx.mesh.update({ where: { id: 1 }, data: { revision, gatewaysAhead: null } });
    await writeStored(tx, rows);
  });
}

async function requestOf(deps: Publishing, keep: KeptSide): Promise<TakeOverRequest> {
  const { mesh, database } = await surveyMesh(deps);
  const expected = {
    meshIncarnation: mesh.incarnation,
    meshRevision: mesh.revision,
    databaseRevision: database.revision,
  };
  return { keep, expected };
}

const headRevision = async (): Promise<number | null> => {
  const node = await server.connect().read("/meshkeeper/policy/head");
  const head = node === null ? null : decodeHead(node.data);
  return head?.ok === true ? head.value.revision : null;
};
const haltOf = ({ publisher }: Publishing) => publisher.status().halt;

/**
 * A gateway at revision 4, a ZooKeeper that lost everything, and the database as it was at revision 2. The gateway runs on
 * all the time, or (which is faster) starts again with its disk.
 */
async function forgotten(runsOn = false): Promise<{ deps: Publishing; gateway: RunningGateway }> {
  const before = startPublishing(server, test.database);
  await createRoute(before, { id: "shop", spec: answering("as in the backup") }, ADA);
  await createRoute(before, { id: "kept", spec: answering("kept") }, ADA);
  const backup = await test.database.read(readStored);
  const running = await gateways.start();
  await updateRoute(before, { id: "shop", expectedVersion: 1, spec: answering("edited since") }, ADA);
  await createRoute(before, { id: "lost", spec: answering("lost") }, ADA);
  expect(await answerAt(running, 4)).toBe("edited since");
  await server.release();
  if (!runsOn) {
    running.child.kill("SIGTERM");
    await running.exited;
  }
  await wipeZooKeeper();
  await restore(backup, 2);
  const gateway = runsOn ? running : await gateways.start();
  const deps = startPublishing(server, test.database);
  // A server that was wiped turns the gateway's session away; it begins a new one after twice its timeout.
  await eventually("halted", () => haltOf(deps)?.kind === "gateways", NEW_SESSION_MS);
  return { deps, gateway };
}

describe("ZooKeeper lost everything, and the database is a backup", () => {
  it("publishing waits for a person, names the gateways, and writes nothing more; keeping the mesh is not possible", async () => {
    const { deps, gateway } = await forgotten(true);
    expect(haltOf(deps)).toMatchObject({
      reason: expect.stringContaining("A gateway holds a later policy than the database: gw-1 (revision 4)."),
      mesh: { revision: 4 },
      database: { revision: 2, objects: 2 },
    });
    const survey = await surveyMesh(deps);
    expect(survey).toMatchObject({ ahead: [{ id: "gw-1", revision: 4 }], canKeepMesh: false });
    // Its own head, from before the gateway was back, it may have written: no later one.
    expect((await headRevision()) ?? 0).toBeLessThanOrEqual(2);
    expect(await answerOf(gateway)).toEqual({ text: "edited since", revision: 4 });
    const refusal = await failure(takeOver(deps, await requestOf(deps, "mesh"), ADA));
    expect(refusal).toMatchObject({ code: "MESH_MOVED", detail: expect.stringContaining("it cannot be kept") });
    expect((await test.database.read(readMesh)).revision).toBe(2);
  });

  it("keeping the database publishes all of it above the gateways, and they follow at once and for good", async () => {
    const { deps, gateway } = await forgotten();
    const { revision } = await takeOver(deps, await requestOf(deps, "database"), ADA);
    expect(revision).toBe(5);
    expect(await answerAt(gateway, 5)).toBe("as in the backup");
    await eventually("published", () => deps.publisher.status().publishedRevision === 5);
    expect(haltOf(deps)).toBeNull();
    // Nothing of what it held above is left, and no object went back: each was published anew.
    const rows = (await test.database.read(readStored)).map(({ id, revision: at, created }) => [id, at, created]);
    expect(rows).toHaveLength(2);
    expect(rows).toEqual(
      expect.arrayContaining([
        ["kept", 5, 2],
        ["shop", 5, 1],
      ]),
    );
    const [entry] = (await listAudit(deps, { action: "mesh.take-over", limit: 1 })).entries;
    expect(entry).toMatchObject({
      revision: 5,
      actor: ADA,
      before: { gateways: [{ id: "gw-1", revision: 4 }] },
      after: { keep: "database" },
    });
    expect(await verifyAudit(deps)).toMatchObject({ ok: true });
    expect(await test.database.read(readMesh)).toMatchObject({ gatewaysAhead: null, supersedes: null });
    await updateRoute(deps, { id: "shop", expectedVersion: 1, spec: answering("on from here") }, ADA);
    expect(await answerAt(gateway, 6)).toBe("on from here");
    await failure(takeOver(deps, await requestOf(deps, "database"), ADA)).then((refusal) =>
      expect(refusal).toMatchObject({ code: "MESH_MOVED", detail: expect.stringContaining("nothing to choose") }),
    );
  });

  it("edits that make up for the revisions do not end the question, nor does another leader, nor the gateway's leaving", async () => {
    const { deps, gateway } = await forgotten();
    await eventually("noted", async () => (await test.database.read(readMesh)).gatewaysAhead === 4);
    for (const id of ["new-1", "new-2", "new-3"]) await createRoute(deps, { id, spec: answering(id) }, ADA);
    gateway.child.kill("SIGTERM");
    await gateway.exited;
    await server.release();
    const next = startPublishing(server, test.database);
    await eventually("halted again", () => haltOf(next)?.kind === "gateways");
    expect(haltOf(next)).toMatchObject({ reason: expect.stringContaining("Gateways had applied revision 4") });
    expect((await headRevision()) ?? 0).toBeLessThanOrEqual(2);
    const back = await gateways.start();
    expect(await answerOf(back)).toEqual({ text: "edited since", revision: 4 });
    const { revision } = await takeOver(next, await requestOf(next, "database"), ADA);
    expect(revision).toBe(6);
    expect(await answerAt(back, 6)).toBe("as in the backup");
    expect(haltOf(next)).toBeNull();
  });

  it("a newer backup ends it, without anybody's choice", async () => {
    const { deps, gateway } = await forgotten();
    await eventually("noted", async () => (await test.database.read(readMesh)).gatewaysAhead === 4);
    await restore(await test.database.read(readStored), 4);
    deps.publisher.checkNow();
    await eventually("published", () => haltOf(deps) === null && deps.publisher.status().publishedRevision === 4);
    expect((await answerOf(gateway)).revision).toBe(4);
  });
});

it("a gateway that was cut off comes back above the head, while another follows it: named, and led back by the same choice", async () => {
  const before = startPublishing(server, test.database);
  await createRoute(before, { id: "shop", spec: answering("as in the backup") }, ADA);
  const backup = await test.database.read(readStored);
  const away = await gateways.start();
  await updateRoute(before, { id: "shop", expectedVersion: 1, spec: answering("edited since") }, ADA);
  expect(await answerAt(away, 2)).toBe("edited since");
  away.child.kill("SIGTERM");
  await away.exited;
  await server.release();
  await wipeZooKeeper();
  await restore(backup, 1);

  const deps = startPublishing(server, test.database);
  const here = await gateways.start({ GATEWAY_ID: "gw-2" });
  expect(await answerAt(here, 1)).toBe("as in the backup");
  expect(haltOf(deps)).toBeNull();
  const back = await gateways.start();
  await eventually("halted", () => haltOf(deps)?.kind === "gateways");
  expect((await surveyMesh(deps)).ahead).toEqual([{ id: "gw-1", revision: 2 }]);
  expect(await answerOf(back)).toEqual({ text: "edited since", revision: 2 });
  await takeOver(deps, await requestOf(deps, "database"), ADA);
  expect(await answerAt(back, 3)).toBe("as in the backup");
  expect(await answerAt(here, 3)).toBe("as in the backup");
});
