import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import type { Actor } from "#domain/audit.ts";
import type { DriftDifference } from "#domain/drift.ts";
import { RouteSpec } from "#domain/route.ts";
import { decodeDocument } from "#zookeeper/codec.ts";
import { standForElection } from "#zookeeper/election.ts";
import { publishPolicy, type Publisher } from "#zookeeper/policy-publisher.ts";
import type { ZooKeeper } from "#zookeeper/session.ts";
import { eventually, quietLog, startTestZooKeeper, type TestZooKeeper } from "#zookeeper/test-harness.ts";
import { createRoute } from "./create-route.ts";
import { decideDrift } from "./decide-drift.ts";
import type { ControlDeps } from "./edit.ts";
import { getRoute } from "./get-route.ts";
import { listAudit } from "./list-audit.ts";
import { listDrift } from "./list-drift.ts";
import { markDelivered } from "./mark-delivered.ts";
import { policySource } from "./policy-source.ts";
import { recordDrift, settleDrift } from "./record-drift.ts";
import { setDriftMode } from "./set-drift-mode.ts";
import { updateRoute } from "./update-route.ts";

const ROOT = "/seam";
const ada: Actor = { kind: "person", id: "ada", name: "Ada" };
const route = (service: string): RouteSpec =>
  RouteSpec.parse({ matches: [{}], destinations: [{ service, weight: 1 }] });

let server: TestZooKeeper;
let test: TestDatabase;
let zk: ZooKeeper;
let publisher: Publisher;
let deps: ControlDeps;
beforeAll(async () => {
  [server, test] = await Promise.all([startTestZooKeeper(), startTestDatabase()]);
  const wake = (): void => publisher.wake();
  deps = { database: test.database, onEdit: wake, onDecision: wake };
  zk = server.connect();
  publisher = server.owns(
    publishPolicy(zk, {
      root: ROOT,
      consoleId: "console",
      election: server.owns(standForElection(zk, ROOT, "console", quietLog)),
      source: policySource(deps),
      log: quietLog,
      onPublished: (revision) => void markDelivered(deps, revision),
      onDrift: (drift) => recordDrift(deps, drift),
      onSettled: (keys) => settleDrift(deps, keys),
    }),
  );
});
afterAll(async () => {
  await server.close();
  await test.stop();
});

const pathOf = (id: string): string => `${ROOT}/policy/routes/${id}`;

async function published(id: string): Promise<RouteSpec | null> {
  const node = await zk.read(pathOf(id));
  const decoded = node === null ? null : decodeDocument(node.data);
  return decoded?.ok === true ? RouteSpec.nullable().parse(decoded.value.spec) : null;
}

/** A route as a person made it, published. */
async function publish(id: string): Promise<void> {
  const { revision } = await createRoute(deps, { id, spec: route("catalog") }, ada);
  await eventually("published", () => publisher.status().publishedRevision === revision);
}

/** Somebody edits the node by hand, and leaves the hash as it was. */
async function tamper(id: string, service: string): Promise<string> {
  const node = await zk.read(pathOf(id));
  const text = (node?.data.toString() ?? "").replaceAll('"catalog"', `"${service}"`);
  await zk.write(pathOf(id), Buffer.from(text), -1);
  return text;
}

async function found(id: string, state: DriftDifference["state"]): Promise<DriftDifference> {
  return eventually(`${id} ${state}`, async () =>
    (await listDrift(deps, { state: "all", limit: 50 })).find(
      (finding) => finding.key === `routes/${id}` && finding.state === state,
    ),
  );
}

describe("a node edited by hand", () => {
  it("is put right at once, after it was put on record", async () => {
    await publish("repaired");
    await tamper("repaired", "evil");
    await found("repaired", "repaired");
    await eventually("right again", async () => (await published("repaired"))?.destinations[0]?.service === "catalog");
    const { entries } = await listAudit(deps, { search: "routes/repaired", limit: 3 });
    expect(entries.map(({ action }) => action)).toEqual(["drift.repair", "drift.detect", "route.create"]);
  });

  it("is held until a person decides: put back, left, or made an edit", async () => {
    await setDriftMode(deps, { mode: "hold" }, ada);
    for (const id of ["restored", "ignored", "adopted"]) await publish(id);
    const texts = new Map<string, string>();
    for (const id of ["restored", "ignored", "adopted"]) texts.set(id, await tamper(id, "cart"));
    for (const [id, decision] of [
      ["restored", "restore"],
      ["ignored", "ignore"],
      ["adopted", "adopt"],
    ] as const) {
      const finding = await found(id, "open");
      expect((await zk.read(pathOf(id)))?.data.toString()).toBe(texts.get(id));
      await decideDrift(deps, { id: finding.id, foundHash: finding.foundHash, decision }, ada);
    }
    await found("restored", "repaired");
    await eventually("put back", async () => (await published("restored"))?.destinations[0]?.service === "catalog");
    expect((await getRoute(deps, "adopted")).spec).toEqual(route("cart"));
    await eventually(
      "the edit published",
      async () => (await published("adopted"))?.destinations[0]?.service === "cart",
    );
    publisher.checkNow();
    const before = publisher.status().lastFullPass?.atMs ?? 0;
    await eventually("everything compared", () => (publisher.status().lastFullPass?.atMs ?? 0) > before);
    expect((await zk.read(pathOf("ignored")))?.data.toString()).toBe(texts.get("ignored"));
    expect((await listDrift(deps, { state: "standing", limit: 50 })).map(({ key, state }) => [key, state])).toEqual([
      ["routes/ignored", "ignored"],
    ]);
  });

  it("is over when somebody puts it right by hand, and when the object is edited", async () => {
    await publish("undone");
    const right = (await zk.read(pathOf("undone")))?.data ?? Buffer.alloc(0);
    await tamper("undone", "cart");
    await found("undone", "open");
    await zk.write(pathOf("undone"), right, -1);
    expect(await found("undone", "superseded")).toMatchObject({ decidedBy: null });
    await tamper("undone", "evil");
    await found("undone", "open");
    await updateRoute(deps, { id: "undone", expectedVersion: 1, spec: route("orders") }, ada);
    expect((await listDrift(deps, { state: "standing", limit: 50 })).map(({ key }) => key)).not.toContain(
      "routes/undone",
    );
    await eventually(
      "the edit published",
      async () => (await published("undone"))?.destinations[0]?.service === "orders",
    );
  });

  it("that was deleted is made again once it is to be put back", async () => {
    await publish("deleted");
    await zk.remove(pathOf("deleted"), -1);
    const finding = await found("deleted", "open");
    expect(finding).toMatchObject({ found: null, foundHash: "", published: route("catalog") });
    await decideDrift(deps, { id: finding.id, foundHash: "", decision: "restore" }, ada);
    await eventually("there again", async () => (await published("deleted")) !== null);
    await found("deleted", "repaired");
  });
});
