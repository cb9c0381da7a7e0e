import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readMesh } from "#db/mesh-repository.ts";
import { readStored } from "#db/policy-repository.ts";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import type { Actor } from "#domain/audit.ts";
import { MAX_REVISION, type PolicyKey } from "#domain/policy.ts";
import type { KeptSide } from "#domain/publishing.ts";
import { RouteSpec } from "#domain/route.ts";
import { encodeDocument } from "#zookeeper/codec.ts";
import { standForElection } from "#zookeeper/election.ts";
import { publishPolicy, type Publisher } from "#zookeeper/policy-publisher.ts";
import { eventually, quietLog, startTestZooKeeper, type TestZooKeeper } from "#zookeeper/test-harness.ts";
import { document, MemorySource } from "#zookeeper/test-policy.ts";
import { createRoute } from "./create-route.ts";
import { listAudit } from "./list-audit.ts";
import { listRoutes } from "./list-routes.ts";
import { policySource } from "./policy-source.ts";
import { recordDrift } from "./record-drift.ts";
import { removeRoute } from "./remove-route.ts";
import { listDrift } from "./list-drift.ts";
import { surveyMesh, type SurveyDeps } from "./survey-mesh.ts";
import { takeOver, type TakeOverRequest } from "./take-over.ts";
import { updateRoute } from "./update-route.ts";
import { verifyAudit } from "./verify-audit.ts";
import { failure } from "./test-bed/failure.ts";

const ada: Actor = { kind: "person", id: "ada", name: "Ada" };
const route = (service: string): RouteSpec =>
  RouteSpec.parse({ matches: [{}], destinations: [{ service, weight: 1 }] });

let server: TestZooKeeper;
/** The one whose policy is in ZooKeeper. */
let former: TestDatabase;
/** The one that comes to it. */
let comer: TestDatabase;
let root = "";
beforeAll(async () => {
  [server, former, comer] = await Promise.all([startTestZooKeeper(), startTestDatabase(), startTestDatabase()]);
});
afterAll(async () => {
  await server.close();
  await Promise.all([former.stop(), comer.stop()]);
});
beforeEach(async () => {
  root = `/take-over-${Date.now()}-${Math.random().toString(36).slice(2)}`;
  for (const { database } of [former, comer]) {
    await database.transaction(async (tx) => {
      await tx.policyObject.deleteMany();
      await tx.delivery.deleteMany();
      await tx.mesh.update({ where: { id: 1 }, data: { revision: 0, supersedes: null, supersedesRevision: null } });
    });
  }
});

const depsOf = (test: TestDatabase): SurveyDeps & { readonly publisher: Publisher } => {
  const zk = server.connect();
  const election = server.owns(standForElection(zk, root, "console", quietLog));
  const { database } = test;
  const publisher = server.owns(
    publishPolicy(zk, { root, consoleId: "console", election, source: policySource({ database }), log: quietLog }),
  );
  return { database, publisher };
};

/** The former database's console publishes these and is then gone. */
async function publish(services: Readonly<Record<string, string>>): Promise<number> {
  const deps = depsOf(former);
  for (const [id, service] of Object.entries(services)) await createRoute(deps, { id, spec: route(service) }, ada);
  const { revision } = await former.database.read(readMesh);
  deps.publisher.wake();
  await eventually("everything published", () => deps.publisher.status().publishedRevision === revision);
  await server.release();
  return revision;
}

async function requestOf(deps: SurveyDeps, keep: KeptSide): Promise<TakeOverRequest> {
  const { mesh, database } = await surveyMesh(deps);
  return {
    keep,
    expected: {
      meshIncarnation: mesh.incarnation,
      meshRevision: mesh.revision,
      databaseRevision: database.revision,
    },
  };
}

/** Publishing goes on by itself, and leaves nothing of the other side. */
async function becomesThePublished(
  deps: SurveyDeps & { readonly publisher: Publisher },
  revision: number,
): Promise<void> {
  deps.publisher.checkNow();
  await eventually("published", () => deps.publisher.status().publishedRevision === revision);
  const { mesh, database, total, unreadable } = await surveyMesh(deps);
  expect({ mesh, total, unreadable }).toEqual({ mesh: database, total: 0, unreadable: [] });
}

async function writeNode(key: PolicyKey, data: Buffer): Promise<void> {
  const zk = server.connect();
  const path = `${root}/policy/${key}`;
  const node = await zk.read(path);
  if (node === null) await zk.create(path, data);
  else await zk.write(path, data, node.version);
}

/** A gateway says that it has applied a revision of the former database. */
async function acknowledges(gatewayId: string, revision: number): Promise<void> {
  const zk = server.connect();
  const { incarnation } = await former.database.read(readMesh);
  const path = `${root}/acks/${gatewayId}`;
  await zk.ensurePath(path);
  const ack = { gatewayId, incarnation, revision, root: "", refused: [], appliedAtMs: 1 };
  await zk.write(path, Buffer.from(JSON.stringify(ack)), -1);
}

const rows = async (test: TestDatabase): Promise<Record<string, readonly [unknown, number]>> =>
  Object.fromEntries(
    (await test.database.read(readStored)).map(({ kind, id, spec, revision }) => [`${kind}/${id}`, [spec, revision]]),
  );

describe("comparing the mesh with the database", () => {
  it("names every object that differs, both sides' state, and what cannot be read", async () => {
    const revision = await publish({ same: "catalog", other: "catalog", theirs: "catalog", broken: "catalog" });
    const deps = depsOf(comer);
    for (const [id, service] of [
      ["same", "catalog"],
      ["other", "cart"],
      ["ours", "cart"],
    ] as const)
      await createRoute(deps, { id, spec: route(service) }, ada);
    await removeRoute(deps, { id: "ours", expectedVersion: 1 }, ada);
    await createRoute(deps, { id: "own", spec: route("cart") }, ada);
    await writeNode("routes/broken", Buffer.from("{"));
    const survey = await surveyMesh(deps);
    expect(survey).toMatchObject({
      mesh: { incarnation: (await former.database.read(readMesh)).incarnation, revision, objects: 3 },
      database: { incarnation: (await comer.database.read(readMesh)).incarnation, revision: 5, objects: 3 },
      total: 3,
      differences: [
        { key: "routes/other", mesh: route("catalog"), database: route("cart") },
        { key: "routes/own", mesh: null, database: route("cart") },
        { key: "routes/theirs", mesh: route("catalog"), database: null },
      ],
    });
    expect(survey.unreadable.map(({ key }) => key)).toEqual(["routes/broken"]);
    await server.release();
  });

  it("says that ZooKeeper does not answer when it does not", async () => {
    const deps = depsOf(comer);
    await surveyMesh(deps);
    await server.crash();
    expect(await failure(surveyMesh(deps))).toMatchObject({ code: "ZOOKEEPER_DOWN" });
    await server.start();
    await server.release();
  });
});

describe("keeping the database", () => {
  it("gives all that differs one revision above both sides, buries what only the mesh has, and may write over it", async () => {
    const meshRevision = await publish({ same: "catalog", other: "catalog", theirs: "catalog", broken: "catalog" });
    const deps = depsOf(comer);
    for (const [id, service] of [
      ["same", "catalog"],
      ["other", "cart"],
      ["own", "cart"],
    ] as const)
      await createRoute(deps, { id, spec: route(service) }, ada);
    await writeNode("routes/broken", Buffer.from("{"));
    const before = (await listAudit(deps, { limit: 1 })).total;
    await recordDrift(deps, { key: "routes/own", problem: "x", found: null, foundHash: "", action: "hold" });
    const { revision } = await takeOver(deps, await requestOf(deps, "database"), ada);
    expect(revision).toBe(Math.max(meshRevision, 3) + 1);
    expect(await rows(comer)).toEqual({
      // Its revision was higher in the mesh, or as high, for `same`: no gateway may see it go back.
      "routes/same": [route("catalog"), 1],
      "routes/other": [route("cart"), revision],
      "routes/own": [route("cart"), revision],
      "routes/theirs": [null, revision],
      "routes/broken": [null, revision],
    });
    const mesh = await comer.database.read(readMesh);
    expect(mesh).toMatchObject({ revision, supersedes: (await former.database.read(readMesh)).incarnation });
    expect(await listDrift(deps, { state: "standing", limit: 10 })).toEqual([]);
    const { entries } = await listAudit(deps, { limit: 5 });
    expect(entries.map(({ action, target, revision: at }) => [action, target, at]).toReversed()).toEqual([
      ["mesh.take-over", "policy", revision],
      ["route.update", "routes/other", revision],
      ["route.remove", "routes/theirs", revision],
      ["route.remove", "routes/broken", revision],
      ["route.create", "routes/own", revision],
    ]);
    expect(entries[4]).toMatchObject({
      actor: ada,
      after: { keep: "database", changed: 2, removed: 2, leftOut: [] },
    });
    expect((await listAudit(deps, { limit: 1 })).total).toBe(before + 6);
    expect(await verifyAudit(deps)).toMatchObject({ ok: true });
    await becomesThePublished(deps, revision);
    await server.release();
  });

  it("of a restored backup lifts what the mesh has newer, and needs no other database's leave", async () => {
    const revision = await publish({ kept: "catalog", newer: "catalog", later: "catalog" });
    const backup = await former.database.read(readStored);
    const deps = depsOf(former);
    await updateRoute(deps, { id: "newer", expectedVersion: 1, spec: route("cart") }, ada);
    deps.publisher.wake();
    await eventually("the edit published", () => deps.publisher.status().publishedRevision === revision + 1);
    await server.release();
    await former.database.transaction(async (tx) => {
      await tx.policyObject.deleteMany();
      await tx.policyObject.createMany({
        data: backup.map(({ at, by, spec, ...row }) => ({
          ...row,
          spec: JSON.parse(JSON.stringify(spec)),
          updatedAt: at,
          updatedBy: by,
        })),
      });
      await tx.delivery.deleteMany({ where: { revision: revision + 1 } });
      await tx.mesh.update({ where: { id: 1 }, data: { revision } });
    });
    const restored = depsOf(former);
    await acknowledges("gw-1", revision + 1);
    const survey = await surveyMesh(restored);
    // A gateway that follows the mesh is no further than that.
    expect(survey).toMatchObject({ ahead: [], canKeepMesh: true });
    expect(survey.differences).toEqual([{ key: "routes/newer", mesh: route("cart"), database: route("catalog") }]);
    const taken = await takeOver(restored, await requestOf(restored, "database"), ada);
    expect(taken.revision).toBe(revision + 2);
    expect(await former.database.read(readMesh)).toMatchObject({ revision: taken.revision, supersedes: null });
    expect(await rows(former)).toMatchObject({
      "routes/kept": [route("catalog"), 1],
      "routes/newer": [route("catalog"), taken.revision],
    });
    restored.publisher.wake();
    await eventually("published", () => restored.publisher.status().publishedRevision === taken.revision);
    expect((await surveyMesh(restored)).total).toBe(0);
    await server.release();
  });

  it("of a restored backup is asked for also when edits have made up for the revisions it lost", async () => {
    const revision = await publish({ kept: "catalog" });
    const deps = depsOf(former);
    await createRoute(deps, { id: "lost", spec: route("cart") }, ada);
    await createRoute(deps, { id: "lost-and-removed", spec: route("cart") }, ada);
    deps.publisher.wake();
    await eventually("there", () => deps.publisher.status().publishedRevision === revision + 2);
    await removeRoute(deps, { id: "lost-and-removed", expectedVersion: 1 }, ada);
    deps.publisher.wake();
    await eventually("published", () => deps.publisher.status().publishedRevision === revision + 3);
    await server.release();
    await former.database.transaction(async (tx) => {
      await tx.policyObject.deleteMany({ where: { id: { startsWith: "lost" } } });
      await tx.delivery.deleteMany({ where: { revision: { gt: revision } } });
      await tx.mesh.update({ where: { id: 1 }, data: { revision } });
    });
    await server.connect().remove(`${root}/policy/routes/lost-and-removed`, -1);
    const restored = depsOf(former);
    for (const id of ["new-1", "new-2", "new-3", "new-4"])
      await createRoute(restored, { id, spec: route("catalog") }, ada);
    restored.publisher.wake();
    await eventually("halted", () => restored.publisher.status().halt?.kind === "behind");
    const survey = await surveyMesh(restored);
    expect(survey.database.revision).toBeGreaterThan(survey.mesh.revision);
    expect(survey.differences).toContainEqual({ key: "routes/lost", mesh: route("cart"), database: null });
    const taken = await takeOver(restored, await requestOf(restored, "mesh"), ada);
    expect((await listRoutes(restored)).map(({ id }) => id)).toEqual(["kept", "lost"]);
    await becomesThePublished(restored, taken.revision);
    expect(restored.publisher.status().halt).toBeNull();
    await server.release();
  });
});

describe("keeping the mesh", () => {
  it("makes its objects the database's, buries what only the database has, and names what it cannot keep", async () => {
    const meshRevision = await publish({ same: "catalog", other: "catalog", theirs: "catalog" });
    const strange = document("routes/strange", 2, { ...route("catalog"), unheard: "of" });
    await writeNode("routes/strange", encodeDocument(strange));
    await writeNode("routes/kept-out", Buffer.from("{"));
    const deps = depsOf(comer);
    for (const id of ["same", "other", "own", "kept-out"])
      await createRoute(deps, { id, spec: route(id === "same" ? "catalog" : "cart") }, ada);
    const { revision } = await takeOver(deps, await requestOf(deps, "mesh"), ada);
    expect(revision).toBe(Math.max(meshRevision, 4) + 1);
    expect((await listRoutes(deps)).map(({ id, spec, version }) => [id, spec.destinations, version])).toEqual([
      ["kept-out", route("cart").destinations, 1],
      ["other", route("catalog").destinations, 2],
      ["same", route("catalog").destinations, 1],
      ["theirs", route("catalog").destinations, 1],
    ]);
    expect(await rows(comer)).toMatchObject({
      "routes/own": [null, revision],
      "routes/strange": [null, revision],
      "routes/kept-out": [route("cart"), revision],
    });
    const { entries } = await listAudit(deps, { action: "mesh.take-over", limit: 1 });
    expect(entries[0]?.after).toMatchObject({ keep: "mesh" });
    expect(entries[0]?.after).toHaveProperty("leftOut", expect.arrayContaining(["routes/strange", "routes/kept-out"]));
    expect(await verifyAudit(deps)).toMatchObject({ ok: true });
    await becomesThePublished(deps, revision);
    await server.release();
  });
});

describe("a choice", () => {
  it("about a mesh takes in what gateways hold above both sides: all of it gets a revision above theirs", async () => {
    const meshRevision = await publish({ kept: "catalog", later: "catalog" });
    const deps = depsOf(former);
    await acknowledges("gw-2", meshRevision + 7);
    await acknowledges("gw-1", meshRevision + 3);
    await acknowledges("forger", MAX_REVISION);
    const survey = await surveyMesh(deps);
    expect(survey).toMatchObject({
      ahead: [
        { id: "gw-1", revision: meshRevision + 3 },
        { id: "gw-2", revision: meshRevision + 7 },
      ],
      canKeepMesh: false,
      total: 0,
    });
    const { revision } = await takeOver(deps, await requestOf(deps, "database"), ada);
    expect(revision).toBe(meshRevision + 8);
    expect(await rows(former)).toEqual({
      "routes/kept": [route("catalog"), revision],
      "routes/later": [route("catalog"), revision],
    });
    expect(await verifyAudit(deps)).toMatchObject({ ok: true });
    await becomesThePublished(deps, revision);
    await server.release();
  });

  it("can be made about a database of any name, and does not bind what that one publishes later", async () => {
    await publish({ one: "catalog" });
    const theirs = new MemorySource();
    theirs.id = "not a UUID";
    theirs.saveRoute("theirs", "/theirs");
    await server.connect().remove(`${root}/policy/head`, -1);
    await server.connect().remove(`${root}/policy/routes/one`, -1);
    const zk = server.connect();
    const election = server.owns(standForElection(zk, root, "theirs", quietLog));
    const stranger = server.owns(
      publishPolicy(zk, { root, consoleId: "theirs", election, source: theirs, log: quietLog }),
    );
    await eventually("theirs", () => stranger.status().publishedRevision === 1);
    const deps = depsOf(comer);
    const taken = await takeOver(deps, await requestOf(deps, "database"), ada);
    expect(await comer.database.read(readMesh)).toMatchObject({ supersedes: "not a UUID", supersedesRevision: 1 });
    theirs.saveRoute("later", "/later");
    stranger.wake();
    await eventually("theirs again", () => stranger.status().publishedRevision === 2);
    await election.stop();
    await eventually("halted", () => deps.publisher.status().halt?.kind === "foreign");
    await takeOver(deps, await requestOf(deps, "database"), ada);
    await becomesThePublished(deps, taken.revision + 1);
    await server.release();
  });

  it("is refused when either side moved since it was looked at, or when there is nothing to choose", async () => {
    await publish({ one: "catalog" });
    const deps = depsOf(comer);
    const request = await requestOf(deps, "database");
    await createRoute(deps, { id: "moved", spec: route("cart") }, ada);
    expect(await failure(takeOver(deps, request, ada))).toMatchObject({
      code: "MESH_MOVED",
      detail: "The database changed.",
    });
    const { expected } = await requestOf(deps, "database");
    const older = { keep: "database", expected: { ...expected, meshRevision: expected.meshRevision + 1 } } as const;
    expect(await failure(takeOver(deps, older, ada))).toMatchObject({ detail: "The mesh changed." });
    expect(await rows(comer)).toEqual({ "routes/moved": [route("cart"), 1] });
    await server.release();
    const healthy = depsOf(former);
    expect(await failure(takeOver(healthy, await requestOf(healthy, "mesh"), ada))).toMatchObject({
      code: "MESH_MOVED",
    });
    await server.release();
  });
});
