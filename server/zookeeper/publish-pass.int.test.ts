import { once } from "node:events";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { policyKey } from "#domain/policy.ts";
import type { Credentials } from "./access.ts";
import { encodeDocument } from "./codec.ts";
import { zookeeper } from "./library.ts";
import { paths } from "./paths.ts";
import type { FoundDrift } from "./plan-publish.ts";
import { PublishPass, type PublishStore } from "./publish-pass.ts";
import type { ZooKeeper } from "./session.ts";
import { startTestZooKeeper, type TestZooKeeper } from "./test-harness.ts";
import { document, MemorySource, routeSpec } from "./test-policy.ts";

let server: TestZooKeeper;
beforeAll(async () => void (server = await startTestZooKeeper()), 60_000);
afterEach(() => server.release());
afterAll(() => server.close());

const signal = new AbortController().signal;
let meshes = 0;

interface Bench {
  readonly root: string;
  readonly zk: ZooKeeper;
  readonly source: MemorySource;
  readonly publishing: PublishPass;
  readonly drift: FoundDrift[];
  readonly settled: string[];
  /** Calls of ZooKeeper so far. */
  calls(): number;
}

/** A pass with a candidate node of its own, on a mesh of its own. */
async function openBench(access: { readonly auth?: Credentials } = {}): Promise<Bench> {
  const root = `/mesh-${(meshes += 1)}`;
  const zk = server.connect(access);
  const source = new MemorySource();
  await zk.ensurePath(`${root}/election`);
  const candidate = await zk.create(`${root}/election/me`, Buffer.from("{}"), { ephemeral: true });
  const drift: FoundDrift[] = [];
  const settled: string[] = [];
  let calls = 0;
  const counted =
    <Args extends unknown[], Result>(call: (...args: Args) => Result) =>
    (...args: Args): Result => {
      calls += 1;
      return call(...args);
    };
  const store: PublishStore = {
    read: counted(zk.read),
    children: counted(zk.children),
    ensurePath: counted(zk.ensurePath),
    secure: counted(zk.secure),
    multi: counted(zk.multi),
  };
  const publishing = new PublishPass(store, {
    root,
    source,
    candidate: () => candidate,
    onStale: () => undefined,
    onDrift: async (found) => void drift.push(found),
    onSettled: async (keys) => void settled.push(...keys),
  });
  return { root, zk, source, publishing, drift, settled, calls: () => calls };
}

/** Passes until one has nothing to write; returns how many wrote. */
async function untilQuiet({ publishing }: Bench): Promise<number> {
  for (let wrote = 0; ; wrote += 1) {
    publishing.compareAll();
    const { writes, again } = await publishing.run(signal);
    if (writes === 0 && !again) return wrote;
    expect(wrote).toBeLessThan(20);
  }
}

const specAt = async ({ zk, root }: Bench, key: string): Promise<unknown> => {
  const node = await zk.read(paths.document(root, key));
  return node === null ? null : JSON.parse(node.data.toString());
};

const CONSOLE: Credentials = { user: "console", password: "console's secret" };

/** Somebody with our credentials, if any, gives a node the list of one entry. */
async function setList(
  path: string,
  permissions: number,
  scheme: string,
  id: string,
  auth?: Credentials,
): Promise<void> {
  const client = zookeeper.createClient(server.address, { sessionTimeout: 4000, retries: 0 });
  if (auth !== undefined) client.addAuthInfo("digest", Buffer.from(`${auth.user}:${auth.password}`));
  client.connect();
  await once(client, "connected");
  const list = [new zookeeper.ACL(permissions, new zookeeper.Id(scheme, id))];
  await new Promise<void>((resolve, reject) =>
    client.setACL(path, list, -1, (error) => (error ? reject(error) : resolve())),
  );
  client.close();
}

/** Everything is somebody else's now. */
const giveAway = (path: string, to: string): Promise<void> => setList(path, 31, "digest", to, CONSOLE);
/** What everybody may do with a node. */
const letEverybody = (path: string, permissions: number): Promise<void> =>
  setList(path, permissions, "world", "anyone");

describe("one pass", () => {
  it("asks ZooKeeper as often for an edit among 1,000 objects as among 10", async () => {
    const costs: number[] = [];
    for (const size of [10, 1000]) {
      const bench = await openBench();
      bench.source.save(
        Object.fromEntries(Array.from({ length: size }, (_, index) => [`routes/r${index}`, routeSpec(`/${index}`)])),
      );
      await untilQuiet(bench);
      const before = bench.calls();
      bench.source.saveRoute("r5", "/edited");
      expect(await bench.publishing.run(signal)).toMatchObject({ published: 2, compared: 1, writes: 2 });
      costs.push(bench.calls() - before);
    }
    expect(costs[1]).toBe(costs[0]);
  });

  it("writes nothing the second time, over everything", async () => {
    const bench = await openBench();
    bench.source.saveRoute("a", "/a");
    expect(await untilQuiet(bench)).toBe(1);
    bench.publishing.compareAll();
    expect(await bench.publishing.run(signal)).toMatchObject({ writes: 0, compared: 1, published: 1 });
  });

  it("holds drift until a person decides: restore, ignore, or an edit", async () => {
    const bench = await openBench();
    const { source, zk, root, drift } = bench;
    for (const id of ["a", "b"]) source.saveRoute(id, `/${id}`);
    await untilQuiet(bench);
    source.decided = { ...source.decided, driftMode: "hold" };
    const evil = encodeDocument(document("routes/a", 1, routeSpec("/evil")));
    await zk.write(paths.document(root, "routes/a"), evil, -1);
    await untilQuiet(bench);
    await untilQuiet(bench);
    expect(drift).toMatchObject([{ key: "routes/a", action: "hold" }]);
    const [finding] = drift;
    const decide = (decision: "none" | "restore" | "ignore"): void => {
      source.decided = {
        ...source.decided,
        standing: new Map([["routes/a", { foundHash: finding?.foundHash ?? "", decision }]]),
      };
    };
    decide("none");
    source.saveRoute("b", "/b2");
    await untilQuiet(bench);
    expect(await specAt(bench, "routes/b")).toMatchObject({ revision: 3 });
    decide("ignore");
    await untilQuiet(bench);
    expect((await zk.read(paths.document(root, "routes/a")))?.data.equals(evil)).toBe(true);
    expect(bench.settled).toEqual([]);
    decide("restore");
    await untilQuiet(bench);
    expect(await specAt(bench, "routes/a")).toMatchObject({ spec: { matches: [{ path: { value: "/a" } }] } });
    expect(drift.map(({ action }) => action)).toEqual(["hold", "repair"]);
    expect(bench.settled).toEqual(["routes/a"]);
  });

  it("puts on record again what is found again after it was put right", async () => {
    const bench = await openBench();
    const { source, zk, root, drift } = bench;
    source.saveRoute("a", "/a");
    source.decided = { ...source.decided, driftMode: "hold" };
    await untilQuiet(bench);
    const published = await zk.read(paths.document(root, "routes/a"));
    for (let time = 1; time <= 2; time += 1) {
      await zk.remove(paths.document(root, "routes/a"), -1);
      await untilQuiet(bench);
      await untilQuiet(bench);
      expect(drift.map(({ key, action }) => `${key} ${action}`)).toEqual(Array(time).fill("routes/a hold"));
      await zk.create(paths.document(root, "routes/a"), published?.data ?? Buffer.alloc(0));
      await untilQuiet(bench);
    }
  });

  it("publishes an edit before it has put thousands of findings on record", async () => {
    const bench = await openBench();
    const { source, publishing, zk, root, drift } = bench;
    const ids = Array.from({ length: 260 }, (_, index) => `r${index}`);
    source.save(Object.fromEntries(ids.map((id) => [`routes/${id}`, routeSpec(`/${id}`)])));
    await untilQuiet(bench);
    await Promise.all(ids.map((id) => zk.remove(paths.document(root, `routes/${id}`), -1)));
    source.save({ "routes/r259": routeSpec("/edited"), "routes/new": routeSpec("/new") });
    publishing.compareAll();
    expect(await publishing.run(signal)).toMatchObject({ published: 2, again: true });
    expect(drift.length).toBeLessThan(210);
    expect(await specAt(bench, "routes/r259")).toMatchObject({ revision: 2 });
    expect(await specAt(bench, "routes/new")).toMatchObject({ revision: 2 });
    await untilQuiet(bench);
    expect(drift.map(({ key, problem }) => `${key}: ${problem}`).sort()).toEqual(
      ids
        .filter((id) => id !== "r259")
        .map((id) => `routes/${id}: the node is missing`)
        .sort(),
    );
  });

  it("deletes the node of an object removed long ago once every gateway is past it, and never writes it again", async () => {
    const bench = await openBench();
    const { source, publishing, zk, root } = bench;
    source.saveRoute("a", "/a");
    source.saveRoute("b", "/b");
    await untilQuiet(bench);
    source.save({ "routes/a": null });
    await untilQuiet(bench);
    const later = Date.now() + 1;
    expect(await publishing.collect(later - 1000, 3)).toBe(0);
    expect(await publishing.collect(later, 2)).toBe(0);
    const candidate = `${root}/election/me`;
    await zk.remove(candidate, -1);
    expect(await publishing.collect(later, 3)).toBe(0);
    await zk.create(candidate, Buffer.from("{}"), { ephemeral: true });
    expect(await publishing.collect(later, 3)).toBe(1);
    expect(await zk.read(paths.document(root, "routes/a"))).toBeNull();
    expect(await untilQuiet(bench)).toBe(0);
    expect(await zk.read(paths.document(root, "routes/a"))).toBeNull();
    source.saveRoute("a", "/again");
    await untilQuiet(bench);
    expect(await specAt(bench, "routes/a")).toMatchObject({ revision: 4 });
  });

  it("deletes what it put in place of a stranger's node, too, once that has been known for long", async () => {
    const bench = await openBench();
    const { source, publishing, zk, root } = bench;
    source.saveRoute("a", "/a");
    await untilQuiet(bench);
    const path = paths.document(root, "routes/stranger");
    await zk.create(path, Buffer.from("mine"));
    publishing.compareAll();
    await untilQuiet(bench);
    expect(await specAt(bench, "routes/stranger")).toMatchObject({ spec: null });
    const foundMs = Date.now();
    expect(await publishing.collect(foundMs - 1000, 0, foundMs)).toBe(0);
    expect(await publishing.collect(foundMs - 1000, 1, foundMs)).toBe(0);
    expect(await publishing.collect(foundMs - 1, 1, foundMs + 999)).toBe(0);
    expect(await publishing.collect(foundMs, 1, foundMs + 1000)).toBe(1);
    expect(await zk.read(path)).toBeNull();
    expect(await untilQuiet(bench)).toBe(0);
    expect(await specAt(bench, "routes/a")).toMatchObject({ revision: 1 });
  });

  it("keeps a removed object's node that has nodes below it, names it, and deletes the others", async () => {
    const bench = await openBench();
    const { source, publishing, zk, root } = bench;
    for (const id of ["a", "b", "c"]) source.saveRoute(id, `/${id}`);
    source.save({ "routes/a": null, "routes/b": null, "routes/c": null });
    await untilQuiet(bench);
    source.save({ "routes/a": routeSpec("/a"), "routes/b": routeSpec("/b"), "routes/c": routeSpec("/c") });
    await untilQuiet(bench);
    source.save({ "routes/a": null, "routes/b": null, "routes/c": null });
    await untilQuiet(bench);
    const kept = paths.document(root, "routes/b");
    await zk.create(`${kept}/stranger`, Buffer.from("x"));
    expect(await publishing.collect(Date.now() + 1, source.revision)).toBe(2);
    expect(await zk.read(paths.document(root, "routes/a"))).toBeNull();
    expect(await zk.read(paths.document(root, "routes/c"))).toBeNull();
    const blocked = [{ path: kept, problem: expect.stringContaining("NOT_EMPTY") }];
    expect(await publishing.run(signal)).toMatchObject({ writes: 0, blocked });
    source.saveRoute("a", "/again");
    expect(await publishing.run(signal)).toMatchObject({ published: source.revision });
  });

  it("goes on with the others when a node is closed to us, and names it; without the head it names that", async () => {
    const bench = await openBench({ auth: CONSOLE });
    const { source, publishing, root } = bench;
    for (const id of ["a", "b"]) source.saveRoute(id, `/${id}`);
    await untilQuiet(bench);
    const closed = paths.document(root, "routes/a");
    await giveAway(closed, "stranger:hash");
    source.save({ "routes/a": routeSpec("/a2"), "routes/b": routeSpec("/b2") });
    // Nothing tells us of a changed access list before we want to write.
    expect(await publishing.run(signal)).toMatchObject({ writes: 0, again: true, blocked: [{ path: closed }] });
    expect(await publishing.run(signal)).toMatchObject({ published: 3, blocked: [{ path: closed }] });
    expect(await specAt(bench, "routes/b")).toMatchObject({ revision: 3 });
    publishing.compareAll();
    const blocked = [{ path: closed, problem: expect.stringContaining("NO_AUTH") }];
    expect(await publishing.run(signal)).toMatchObject({ writes: 0, blocked });
    await giveAway(paths.head(root), "stranger:hash");
    publishing.compareAll();
    const standing = await publishing.run(signal);
    expect(standing).toMatchObject({ published: null, writes: 0 });
    expect(standing.blocked.map(({ path }) => path)).toContain(paths.head(root));
  });

  it("does not blame others for what it could not write itself, and writes it once it may", async () => {
    const bench = await openBench();
    const { source, publishing, zk, root, drift } = bench;
    for (const id of ["a", "b"]) source.saveRoute(id, `/${id}`);
    await untilQuiet(bench);
    source.decided = { ...source.decided, driftMode: "hold" };
    const path = paths.document(root, "routes/a");
    await letEverybody(path, 1 | 16);
    source.save({ "routes/a": routeSpec("/a2"), "routes/b": routeSpec("/b2") });
    await publishing.run(signal);
    expect(await publishing.run(signal)).toMatchObject({ published: 3, blocked: [{ path }] });
    for (let pass = 0; pass < 2; pass += 1) {
      publishing.compareAll();
      await publishing.run(signal);
      expect(await publishing.run(signal)).toMatchObject({ writes: 0, blocked: [{ path }] });
    }
    expect(drift).toEqual([]);
    await letEverybody(path, 31);
    await untilQuiet(bench);
    expect(await specAt(bench, "routes/a")).toMatchObject({ revision: 3 });
    expect(drift).toEqual([]);
    expect(await zk.read(paths.head(root))).not.toBeNull();
  });

  it("writes over a database that a person said it supersedes, and over no other", async () => {
    const bench = await openBench();
    const other = new MemorySource();
    other.id = "db-2";
    other.saveRoute("theirs", "/theirs");
    const { zk, root, source } = bench;
    const theirs = new PublishPass(zk, {
      root,
      source: other,
      candidate: () => `${root}/election/me`,
      onStale: () => undefined,
      onDrift: async () => undefined,
      onSettled: async () => undefined,
    });
    await theirs.run(signal);
    source.saveRoute("ours", "/ours");
    expect(await bench.publishing.run(signal)).toMatchObject({ halt: { kind: "foreign" }, writes: 0 });
    source.decided = { ...source.decided, supersedes: "db-3" };
    expect(await bench.publishing.run(signal)).toMatchObject({ halt: { kind: "foreign" } });
    source.decided = { ...source.decided, supersedes: "db-2" };
    expect(await bench.publishing.run(signal)).toMatchObject({ halt: null, published: 1 });
    expect(await specAt(bench, policyKey("routes", "theirs"))).toMatchObject({ spec: null, incarnation: "db-1" });
    expect(bench.drift).toEqual([]);
    expect(await untilQuiet(bench)).toBe(0);
  });
});
