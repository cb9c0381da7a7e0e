import { describe, expect, it } from "vitest";
import type { PolicyDocument, PolicyHead } from "#domain/policy.ts";
import { decodeDocument, decodeHead, encodeDocument, encodeHead, makeHead } from "./codec.ts";
import { planPublish, toMultis, type DatabaseView, type MeshView, type Stored } from "./plan-publish.ts";
import { document, routeSpec } from "./test-policy.ts";

const stored = (data: Buffer, version = 0): Stored<PolicyDocument> => ({
  version,
  data,
  decoded: decodeDocument(data),
});
const storedHead = (head: PolicyHead, version = 0): Stored<PolicyHead> => ({
  version,
  data: encodeHead(head),
  decoded: decodeHead(encodeHead(head)),
});
const database = (revision: number, ...rows: PolicyDocument[]): DatabaseView => ({
  incarnation: "db-1",
  revision,
  documents: new Map(rows.map((row) => [row.key, row])),
});
const mesh = (view: DatabaseView): MeshView => ({
  head: storedHead(makeHead(view.incarnation, view.revision, view.documents.values())),
  documents: new Map([...view.documents].map(([key, row]) => [key, stored(encodeDocument(row))])),
});
const withDocument = (view: MeshView, key: string, found: Stored<PolicyDocument> | null): MeshView => {
  const documents = new Map(view.documents);
  if (found === null) documents.delete(key);
  else documents.set(key, found);
  return { ...view, documents };
};

const a = document("routes/a", 1, routeSpec("/a"));
const b = document("routes/b", 2, routeSpec("/b"));
const gone = document("routes/gone", 3, null);
const three = database(3, a, b, gone);
const EMPTY: MeshView = { head: null, documents: new Map() };

/** The mesh after a plan was carried out. */
function carriedOut(view: MeshView, db: DatabaseView): MeshView {
  const plan = planPublish(view, db);
  if (plan.kind !== "write") return view;
  const documents = new Map(view.documents);
  for (const write of plan.documents)
    documents.set(write.document.key, stored(encodeDocument(write.document), (write.version ?? -1) + 1));
  return { head: storedHead(plan.head, (view.head?.version ?? -1) + 1), documents };
}

describe("planPublish", () => {
  it("writes everything to an empty ZooKeeper, tombstones included, and calls none of it drift", () => {
    const plan = planPublish(EMPTY, three);
    expect(plan).toMatchObject({ kind: "write", drift: [], head: { revision: 3, count: 2 } });
    expect(plan.kind === "write" && plan.documents.map(({ document: row, version }) => [row.key, version])).toEqual([
      ["routes/a", null],
      ["routes/b", null],
      ["routes/gone", null],
    ]);
  });

  it("publishes a head even when there is nothing in it, so that a gateway knows", () => {
    expect(planPublish(EMPTY, database(0))).toMatchObject({
      kind: "write",
      documents: [],
      head: { revision: 0, count: 0 },
    });
  });

  it("has nothing to do once ZooKeeper is the projection", () => {
    expect(planPublish(mesh(three), three)).toEqual({ kind: "nothing" });
  });

  it("writes only what an edit changed, at the version that was read", () => {
    const edited = document("routes/b", 4, routeSpec("/b2"));
    const plan = planPublish(
      withDocument(mesh(three), "routes/b", stored(encodeDocument(b), 7)),
      database(4, a, edited, gone),
    );
    expect(plan).toMatchObject({
      kind: "write",
      drift: [],
      documents: [{ document: edited, version: 7 }],
      head: { revision: 4 },
    });
  });

  it.each([
    ["a missing node", withDocument(mesh(three), "routes/a", null), "missing"],
    ["bytes that are no document", withDocument(mesh(three), "routes/a", stored(Buffer.from("{}"))), "cannot be read"],
    [
      "other content at the same revision",
      withDocument(mesh(three), "routes/a", stored(encodeDocument(document("routes/a", 1, routeSpec("/evil"))))),
      "changed",
    ],
    [
      "a revision the database gave to another edit",
      withDocument(mesh(three), "routes/a", stored(encodeDocument({ ...a, revision: 2 }))),
      "claims revision 2",
    ],
    [
      "an older revision than was published",
      withDocument(mesh(database(3, { ...a, revision: 2 }, b, gone)), "routes/a", stored(encodeDocument(a))),
      "it is at revision 1",
    ],
    [
      "another database's document",
      withDocument(mesh(three), "routes/a", stored(encodeDocument({ ...a, incarnation: "db-2" }))),
      "another database",
    ],
  ])("calls %s drift, says what was found, and repairs it", (_, found, problem) => {
    const db = problem.includes("revision 1") ? database(3, { ...a, revision: 2 }, b, gone) : three;
    const plan = planPublish(found, db);
    expect(plan).toMatchObject({
      kind: "write",
      drift: [{ key: "routes/a", problem: expect.stringContaining(problem) }],
    });
    expect(planPublish(carriedOut(found, db), db)).toEqual({ kind: "nothing" });
  });

  it("puts a tombstone in the place of an object the database does not know", () => {
    const extra = document("routes/extra", 2, routeSpec("/extra"));
    const found = withDocument(mesh(three), extra.key, stored(encodeDocument(extra), 4));
    const plan = planPublish(found, three);
    expect(plan).toMatchObject({
      kind: "write",
      drift: [{ key: "routes/extra", found: extra.spec }],
      documents: [{ version: 4, document: { spec: null } }],
    });
    expect(planPublish(carriedOut(found, three), three)).toEqual({ kind: "nothing" });
    const none = database(0);
    expect(planPublish(carriedOut(withDocument(mesh(none), extra.key, stored(Buffer.from("x"))), none), none)).toEqual({
      kind: "nothing",
    });
  });

  it("repairs a head that was removed or rewritten", () => {
    const published = mesh(three);
    expect(planPublish({ ...published, head: null }, three)).toMatchObject({
      kind: "write",
      documents: [],
      drift: [{ key: "head" }],
    });
    const rewritten = storedHead({ ...makeHead("db-1", 3, three.documents.values()), journal: [] });
    expect(planPublish({ ...published, head: rewritten }, three)).toMatchObject({
      kind: "write",
      documents: [],
      drift: [{ key: "head" }],
    });
  });

  it("halts before another database's policy, so that an empty database cannot erase a mesh", () => {
    const foreign = {
      ...three,
      incarnation: "db-2",
      documents: new Map([...three.documents].map(([key, row]) => [key, { ...row, incarnation: "db-2" }])),
    };
    expect(planPublish(mesh(foreign), database(0))).toMatchObject({
      kind: "halt",
      reason: expect.stringContaining("another database"),
    });
    expect(planPublish({ ...mesh(foreign), head: null }, three)).toMatchObject({ kind: "halt" });
    expect(planPublish(mesh({ ...foreign, documents: new Map() }), database(0))).toMatchObject({ kind: "write" });
  });

  it("halts when ZooKeeper is ahead of the database: a backup was restored", () => {
    expect(planPublish(mesh(three), database(2, a, b))).toMatchObject({
      kind: "halt",
      reason: expect.stringContaining("behind the mesh"),
    });
    const ahead = withDocument(mesh(three), "routes/a", stored(encodeDocument({ ...a, revision: 9 })));
    expect(planPublish(ahead, three)).toMatchObject({ kind: "halt" });
  });

  it("halts on an object that no node can hold, naming it", () => {
    expect(planPublish(EMPTY, database(1, document("routes/a/b", 1, {})))).toMatchObject({
      kind: "halt",
      reason: expect.stringContaining("routes/a/b"),
    });
    expect(planPublish(EMPTY, database(1, document("routes/huge", 1, "x".repeat(70_000))))).toMatchObject({
      kind: "halt",
    });
  });
});

describe("toMultis", () => {
  const head = { kind: "set", path: "/m/policy/head", data: Buffer.from("{}"), version: 3 } as const;
  const writes = Array.from({ length: 30 }, (_, index) => ({
    document: document(`routes/r${index}`, index + 1, routeSpec("/x")),
    version: null,
  }));

  it("is one multi when it fits: fence first, head last", () => {
    const multis = toMultis("/m", "/m/election/me", writes, head);
    expect(multis).toHaveLength(1);
    expect(multis[0]?.[0]).toEqual({ kind: "check", path: "/m/election/me", version: -1 });
    expect(multis[0]?.at(-1)).toBe(head);
    expect(multis[0]).toHaveLength(32);
  });

  it("splits what does not fit, each part fenced, the head in the last one only, nothing lost", () => {
    for (const limits of [
      { bytes: 4000, operations: 1000 },
      { bytes: 1e6, operations: 7 },
    ]) {
      const multis = toMultis("/m", "/m/election/me", writes, head, limits);
      expect(multis.length).toBeGreaterThan(2);
      expect(multis.every((multi) => multi[0]?.kind === "check" && multi.length <= limits.operations)).toBe(true);
      expect(multis.map((multi) => multi.includes(head))).toEqual(
        multis.map((_, index) => index === multis.length - 1),
      );
      expect(multis.flat().filter((op) => op.kind === "create")).toHaveLength(30);
    }
  });
});
