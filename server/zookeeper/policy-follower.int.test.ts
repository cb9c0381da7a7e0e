import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { policyKey, type PolicyDocument } from "#domain/policy.ts";
import { EMPTY_SNAPSHOT } from "#domain/snapshot.ts";
import { openLog } from "#platform/log.ts";
import { encodeDocument, encodeHead, encodePreviousHead, makeHead } from "./codec.ts";
import type { MultiOp } from "./operations.ts";
import { paths } from "./paths.ts";
import { followPolicy, type PolicyFollower } from "./policy-follower.ts";
import { eventually, startTestZooKeeper, type TestZooKeeper } from "./test-harness.ts";
import { document, routeSpec } from "./test-policy.ts";

let server: TestZooKeeper;
beforeAll(async () => void (server = await startTestZooKeeper()), 60_000);
afterEach(() => server.release());
afterAll(() => server.close());

interface Followed {
  readonly follower: PolicyFollower;
  /** What was read, in order; `head` or a key. */
  readonly reads: string[];
  /** Publishes these documents with a head of this format. */
  publish(format: 2 | 3, ...changed: readonly PolicyDocument[]): Promise<void>;
  /** Somebody else writes it. */
  meddle(row: PolicyDocument): Promise<void>;
}

const route = (id: string, revision: number, path = `/${id}${revision}`): PolicyDocument =>
  document(policyKey("routes", id), revision, routeSpec(path));

/** @param onReadAgain done before the head is read for the second time. */
async function follow(root: string, onReadAgain = async (): Promise<void> => {}): Promise<Followed> {
  const [zk, writer] = [server.connect(), server.connect()];
  await writer.ensurePath(paths.kind(root, "routes"));
  const rows = new Map<string, PolicyDocument>();
  const reads: string[] = [];
  const write = async (path: string, data: Buffer): Promise<MultiOp> =>
    (await writer.read(path)) === null ? { kind: "create", path, data } : { kind: "set", path, data, version: -1 };
  const follower = followPolicy(
    {
      ...zk,
      async read(path, onHint) {
        if (path === paths.head(root) && onHint === undefined) await onReadAgain();
        reads.push(path.slice(paths.policy(root).length + 1));
        return zk.read(path, onHint);
      },
    },
    { root, initial: EMPTY_SNAPSHOT, log: openLog("test", "fatal") },
  );
  return {
    follower,
    reads,
    async publish(format, ...changed) {
      for (const row of changed) rows.set(row.key, row);
      const head = makeHead("db-1", Math.max(...[...rows.values()].map(({ revision }) => revision)), rows.values());
      const data = format === 2 ? encodePreviousHead(head) : encodeHead(head);
      const documents = changed.map((row) => write(paths.document(root, row.key), encodeDocument(row)));
      await writer.multi([...(await Promise.all(documents)), await write(paths.head(root), data)]);
    },
    async meddle(row) {
      await writer.write(paths.document(root, row.key), encodeDocument(row), -1);
    },
  };
}

const pathsOf = (follower: PolicyFollower): Record<string, string | undefined> =>
  Object.fromEntries([...follower.current().routes].map(([id, { spec }]) => [id, spec.matches[0]?.path.value]));

it("asks for the head and for what it names, and for nothing else", async () => {
  const { follower, reads, publish } = await follow("/asks");
  await publish(3, route("a", 1), route("b", 1));
  await eventually("the first", () => follower.current().revision === 1);
  reads.length = 0;
  await publish(3, route("a", 2), route("c", 2));
  await eventually("the edit", () => follower.current().revision === 2);
  expect(reads.toSorted()).toEqual(["head", "routes/a", "routes/c"]);
  expect(pathsOf(follower)).toEqual({ a: "/a2", b: "/b1", c: "/c2" });
  await follower.stop();
});

it("asks for the head once more where that is of the format before, and goes from one format to the other", async () => {
  const { follower, reads, publish } = await follow("/formats");
  await publish(2, route("a", 1));
  await eventually("the first", () => follower.current().revision === 1);
  reads.length = 0;
  await publish(2, route("a", 2));
  await eventually("the edit", () => follower.current().revision === 2);
  expect(reads).toEqual(["head", "routes/a", "head"]);
  await publish(3, route("a", 3));
  await eventually("the next format", () => follower.current().revision === 3);
  await publish(2, route("a", 4));
  await eventually("and back", () => follower.current().revision === 4);
  expect(follower.refused()).toEqual([]);
  await follower.stop();
});

it("does not act by what was forged at the revision just published, and takes it when it is put right", async () => {
  const { follower, publish, meddle } = await follow("/forged");
  await publish(3, route("a", 1), route("b", 1));
  await eventually("the first", () => follower.current().revision === 1);
  await meddle(route("a", 2, "/evil"));
  await publish(3, route("b", 2));
  await eventually("the edit", () => pathsOf(follower)["b"] === "/b2");
  expect(pathsOf(follower)).toEqual({ a: "/a1", b: "/b2" });
  await publish(3, route("a", 3));
  await eventually("the next edit", () => pathsOf(follower)["a"] === "/a3");
  await eventually("nothing is refused", () => follower.refused().length === 0);
  await follower.stop();
});

it("reads everything although there is an edit each time before it is through, and then only what that changed", async () => {
  let edits = 0;
  const { follower, reads, publish } = await follow("/stream", async () => {
    edits += 1;
    await publish(3, route("a", 1 + edits), route(`new${edits}`, 1 + edits), document("routes/c", 1 + edits, null));
  });
  await publish(3, route("a", 1), route("b", 1), route("c", 1));
  await eventually("the first", () => follower.current().revision > 0);
  expect(follower.current().revision).toBe(2);
  expect(pathsOf(follower)).toEqual({ a: "/a2", b: "/b1", new1: "/new12" });
  expect(follower.refused()).toEqual([]);
  expect(reads.filter((read) => read === "routes/b")).toEqual(["routes/b"]);
  await follower.stop();
});
