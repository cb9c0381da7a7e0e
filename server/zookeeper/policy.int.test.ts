import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { EMPTY_SNAPSHOT } from "#domain/snapshot.ts";
import { decodeDocument, decodeHead, encodeDocument, encodeHead } from "./codec.ts";
import { standForElection, type Election } from "./election.ts";
import { paths } from "./paths.ts";
import { followPolicy, type PolicyFollower } from "./policy-follower.ts";
import type { Drift } from "./plan-publish.ts";
import { publishPolicy, type Publisher } from "./policy-publisher.ts";
import type { ZooKeeper } from "./session.ts";
import { eventually, quietLog, startTestZooKeeper, type TestZooKeeper } from "./test-harness.ts";
import { document, MemorySource, routeSpec } from "./test-policy.ts";

let server: TestZooKeeper;
beforeAll(async () => void (server = await startTestZooKeeper()), 60_000);
afterEach(() => server.release());
afterAll(() => server.close());

let meshes = 0;
const freshRoot = (): string => `/mesh-${(meshes += 1)}`;

interface Console {
  readonly zk: ZooKeeper;
  readonly election: Election;
  readonly publisher: Publisher;
  readonly drift: Drift[];
  readonly published: number[];
}

function openConsole(root: string, id: string, source: MemorySource, zk = server.connect()): Console {
  const election = server.owns(standForElection(zk, root, id, quietLog));
  const drift: Drift[] = [];
  const published: number[] = [];
  const publisher = server.owns(
    publishPolicy(zk, {
      root,
      consoleId: id,
      election,
      source,
      log: quietLog,
      onPublished: (revision) => void (published.at(-1) !== revision && published.push(revision)),
      onDrift: async (found) => {
        drift.push(found);
      },
    }),
  );
  return { zk, election, publisher, drift, published };
}

const openGateway = (root: string, zk = server.connect()): PolicyFollower =>
  server.owns(followPolicy(zk, { root, initial: EMPTY_SNAPSHOT, log: quietLog }));
const pathOf = (gateway: PolicyFollower, id: string): string | undefined =>
  gateway.current().routes.get(id)?.spec.matches[0]?.path.value;
const at = (what: Console, revision: number): Promise<boolean> =>
  eventually(`revision ${revision} published`, () => what.publisher.status().publishedRevision === revision);
const applied = (gateway: PolicyFollower, revision: number): Promise<boolean> =>
  eventually(`revision ${revision} applied`, () => gateway.current().revision === revision);

describe("election", () => {
  it("has one leader, known by name to all, and the next one when it goes", async () => {
    const root = freshRoot();
    const [one, two, three] = ["one", "two", "three"].map((id) =>
      standForElection(server.connect(), root, id, quietLog),
    );
    if (one === undefined || two === undefined || three === undefined) throw new Error("unreachable");
    const all = [one, two, three].map((election) => server.owns(election));
    const leaders = (): Election[] => all.filter((election) => election.isLeader());
    await eventually(
      "everybody agrees",
      () => leaders().length === 1 && new Set(all.map((election) => election.leader())).size === 1,
    );
    const first = leaders()[0];
    await first?.stop();
    const rest = all.filter((election) => election !== first);
    await eventually(
      "the next one",
      () => leaders().length === 1 && new Set(rest.map((election) => election.leader())).size === 1,
    );
    expect(leaders()[0]).not.toBe(first);
    expect(first?.node()).toBeNull();
  });

  it("ends the leadership at the first disconnect, and candidates again when its node is deleted", async () => {
    const root = freshRoot();
    const zk = server.connect();
    const election = server.owns(standForElection(zk, root, "one", quietLog));
    await eventually("elected", () => election.isLeader());
    const node = election.node() ?? "";
    await server.connect().remove(node, -1);
    await eventually("elected by another node", () => election.isLeader() && election.node() !== node);
    await server.crash();
    await eventually("no longer leader", () => !election.isLeader());
    expect(election.leader()).toBeNull();
    await server.start();
    await eventually("elected again", () => election.isLeader());
  });
});

describe("publishing and following", () => {
  it("carries edits from the database to a gateway: sets, several objects at once, removals", async () => {
    const root = freshRoot();
    const source = new MemorySource();
    const writer = openConsole(root, "one", source);
    const gateway = openGateway(root);
    await at(writer, 0);
    await gateway.ready;
    const snapshots: number[] = [];
    gateway.onSnapshot((snapshot) => snapshots.push(snapshot.revision));
    source.save({ "routes/a": routeSpec("/a"), "routes/b": routeSpec("/b") });
    source.saveBreaker("orders", 700);
    writer.publisher.wake();
    await applied(gateway, 2);
    expect(gateway.current().breakers.get("service:orders")?.spec.settings.timeoutMs).toBe(700);
    source.save({ "routes/a": null, "routes/b": routeSpec("/b2") });
    writer.publisher.wake();
    await applied(gateway, 3);
    expect([pathOf(gateway, "a"), pathOf(gateway, "b")]).toEqual([undefined, "/b2"]);
    expect(gateway.current().root).toMatch(/^[0-9a-f]{64}$/);
    expect(gateway.refused()).toEqual([]);
    expect(snapshots).toEqual([2, 3]);
    expect(writer.published).toEqual([0, 2, 3]);
    expect(writer.drift).toEqual([]);
  });

  it("publishes what does not fit one multi, the head last", async () => {
    const root = freshRoot();
    const source = new MemorySource();
    const many = Object.fromEntries(
      Array.from({ length: 1500 }, (_, index) => [`routes/r${index}`, routeSpec(`/${index}`)]),
    );
    source.save(many);
    const writer = openConsole(root, "one", source);
    const gateway = openGateway(root);
    await at(writer, 1);
    await applied(gateway, 1);
    expect(gateway.current().routes.size).toBe(1500);
  });

  it("never shows a gateway half of an edit that is published while it reads", async () => {
    const root = freshRoot();
    const source = new MemorySource();
    source.save({ "routes/a": routeSpec("/a1"), "routes/b": routeSpec("/b1") });
    const writer = openConsole(root, "one", source);
    await at(writer, 1);
    const zk = server.connect();
    let interrupted = false;
    const gateway = openGateway(root, {
      ...zk,
      async read(path, onHint) {
        if (path === paths.document(root, "routes/b") && !interrupted) {
          interrupted = true;
          source.save({ "routes/a": routeSpec("/a2"), "routes/b": routeSpec("/b2") });
          writer.publisher.wake();
          await at(writer, 2);
        }
        return zk.read(path, onHint);
      },
    });
    const seen: unknown[] = [];
    gateway.onSnapshot(() => seen.push([pathOf(gateway, "a"), pathOf(gateway, "b"), gateway.refused()]));
    await applied(gateway, 2);
    expect(seen).toEqual([["/a2", "/b2", []]]);
  });

  it("leaves a document the gateway cannot accept at its previous value, and reports it until it is mended", async () => {
    const root = freshRoot();
    const source = new MemorySource();
    source.saveRoute("a", "/a1");
    const writer = openConsole(root, "one", source);
    const gateway = openGateway(root);
    await applied(gateway, 1);
    source.save({ "routes/a": { ...routeSpec("/a2"), fromTheFuture: true }, "routes/b": routeSpec("/b") });
    writer.publisher.wake();
    await applied(gateway, 2);
    expect([pathOf(gateway, "a"), pathOf(gateway, "b")]).toEqual(["/a1", "/b"]);
    expect(gateway.refused()).toMatchObject([
      { key: "routes/a", revision: 2, reason: expect.stringContaining("fromTheFuture") },
    ]);
    source.saveRoute("a", "/a3");
    writer.publisher.wake();
    await applied(gateway, 3);
    expect(pathOf(gateway, "a")).toBe("/a3");
    expect(gateway.refused()).toEqual([]);
  });

  it("repairs what others write or delete, reports what it found, and no gateway ever believes it", async () => {
    const root = freshRoot();
    const source = new MemorySource();
    source.saveRoute("a", "/a");
    source.saveRoute("b", "/b");
    const writer = openConsole(root, "one", source);
    const gateway = openGateway(root);
    await applied(gateway, 2);
    const believed = new Set<string | undefined>();
    gateway.onSnapshot(() => believed.add(pathOf(gateway, "a")));
    const vandal = server.connect();
    const node = paths.document(root, "routes/a");
    const published = await vandal.read(node);
    const evil = encodeDocument(document("routes/a", 1, routeSpec("/evil")));
    await vandal.write(node, evil, -1);
    await eventually(
      "repaired",
      async () => published !== null && (await vandal.read(node))?.data.equals(published.data),
    );
    await vandal.remove(node, -1);
    await eventually("put back", () => vandal.read(node));
    await vandal.write(paths.document(root, "routes/b"), Buffer.from("not even JSON"), -1);
    await vandal.create(paths.document(root, "routes/stranger"), evil);
    await vandal.write(paths.head(root), Buffer.from("{}"), -1);
    const readable = async (): Promise<boolean> => {
      const stranger = await vandal.read(paths.document(root, "routes/stranger"));
      const head = await vandal.read(paths.head(root));
      const decoded = stranger === null ? null : decodeDocument(stranger.data);
      return decoded?.ok === true && decoded.value.spec === null && head !== null && decodeHead(head.data).ok;
    };
    await eventually("all repaired", readable);
    await eventually("all reported", () => new Set(writer.drift.map(({ key }) => key)).size === 4);
    expect(writer.drift[0]).toMatchObject({ key: "routes/a", found: { matches: [{ path: { value: "/evil" } }] } });
    await eventually("the gateway agrees", () => gateway.refused().length === 0);
    expect([pathOf(gateway, "a"), pathOf(gateway, "b"), gateway.current().routes.size]).toEqual(["/a", "/b", 2]);
    expect(believed.has("/evil")).toBe(false);
  });

  it("rebuilds a wiped ZooKeeper from the database, while the gateway keeps what it has", async () => {
    const root = freshRoot();
    const source = new MemorySource();
    for (const id of ["a", "b", "c"]) source.saveRoute(id, `/${id}`);
    const writer = openConsole(root, "one", source);
    const gateway = openGateway(root);
    await applied(gateway, 3);
    let fewest = 3;
    gateway.onSnapshot((snapshot) => (fewest = Math.min(fewest, snapshot.routes.size)));
    await server.crash();
    await eventually("known to be away", () => writer.publisher.status().publishedRevision === null);
    server.wipe();
    source.saveRoute("d", "/d");
    await server.start();
    await at(writer, 4);
    await applied(gateway, 4);
    expect(gateway.current().routes.size).toBe(4);
    expect(fewest).toBe(3);
    expect(writer.drift).toEqual([]);
  });

  it("lets a second console take over, and a zombie write nothing", async () => {
    const root = freshRoot();
    const source = new MemorySource();
    source.saveRoute("a", "/a1");
    const one = openConsole(root, "one", source);
    await at(one, 1);
    const two = openConsole(root, "two", source);
    await at(two, 1);
    const fence = one.election.node() ?? "";
    // The first console's candidacy ends without its knowing: as after a pause longer than its session.
    await server.connect().remove(fence, -1);
    const data = Buffer.from("a zombie's");
    const write = one.zk.multi([
      { kind: "check", path: fence, version: -1 },
      { kind: "set", path: paths.head(root), data, version: -1 },
    ]);
    await expect(write).rejects.toMatchObject({ code: "NO_NODE", opIndex: 0, kind: "failed" });
    await eventually("the second leads", () => two.election.isLeader() && !one.election.isLeader());
    source.saveRoute("a", "/a2");
    one.publisher.wake();
    two.publisher.wake();
    await at(one, 2);
    await at(two, 2);
    expect(one.election.leader()).toBe("two");
    expect([...one.drift, ...two.drift]).toEqual([]);
  });

  it("halts before another database's policy and before a newer one, and goes on when that is over", async () => {
    const root = freshRoot();
    const source = new MemorySource();
    source.saveRoute("a", "/a");
    const writer = openConsole(root, "one", source);
    await at(writer, 1);
    const newer = await writer.zk.read(paths.head(root));
    source.id = "db-2";
    writer.publisher.wake();
    await eventually("halted", () => writer.publisher.status().halt?.kind === "foreign");
    source.id = "db-1";
    source.revision = 0;
    writer.publisher.wake();
    await eventually("halted", () => writer.publisher.status().halt?.kind === "behind");
    expect((await writer.zk.read(paths.head(root)))?.data.equals(newer?.data ?? Buffer.alloc(0))).toBe(true);
    source.revision = 1;
    writer.publisher.wake();
    await eventually("goes on", () => writer.publisher.status().halt === null);
  });

  it("publishes what was saved while the database or ZooKeeper was away", async () => {
    const root = freshRoot();
    const source = new MemorySource();
    const writer = openConsole(root, "one", source);
    const gateway = openGateway(root);
    await at(writer, 0);
    source.problem = new Error("the database does not answer");
    source.saveRoute("a", "/a");
    writer.publisher.wake();
    await server.crash();
    source.problem = null;
    source.saveRoute("b", "/b");
    writer.publisher.wake();
    await server.start();
    await applied(gateway, 2);
    expect(gateway.current().routes.size).toBe(2);
  });

  it("never lets a gateway go back, and takes another database's policy as a whole", async () => {
    const root = freshRoot();
    const source = new MemorySource();
    source.saveRoute("a", "/a1");
    source.saveRoute("a", "/a2");
    const writer = openConsole(root, "one", source);
    const gateway = openGateway(root);
    await applied(gateway, 2);
    await writer.publisher.stop();
    const zk = server.connect();
    const head = decodeHead((await zk.read(paths.head(root)))?.data ?? Buffer.alloc(0));
    if (!head.ok) throw new Error(head.problem);
    await zk.write(paths.head(root), encodeHead({ ...head.value, revision: 1 }), -1);
    await eventually("refused", () => gateway.refused().some(({ reason }) => reason.includes("went back")));
    expect(gateway.current().revision).toBe(2);
    const adopted = new MemorySource();
    adopted.id = "db-2";
    adopted.saveRoute("z", "/z");
    for (const key of ["routes/a", "head"]) await zk.remove(paths.document(root, key), -1);
    const other = openConsole(root, "two", adopted);
    await writer.election.stop();
    await at(other, 1);
    await eventually("the new policy", () => gateway.current().incarnation === "db-2");
    expect([...gateway.current().routes.keys()]).toEqual(["z"]);
  });
});
