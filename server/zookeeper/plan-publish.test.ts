import { describe, expect, it } from "vitest";
import { canonicalJson } from "#domain/canonical-json.ts";
import { EDIT_LIMITS, MAX_REVISION, type PolicyDocument, type PolicyHead } from "#domain/policy.ts";
import type { PublishRules } from "#domain/publishing.ts";
import { REQUEST_BYTES_MAX } from "./calls.ts";
import { decodeHead, encodeDocument, encodeHead, encodePreviousHead, JOURNAL_MAX } from "./codec.ts";
import { foundHash } from "./compare-node.ts";
import { DatabaseMirror } from "./database-mirror.ts";
import { LEAD_MAX, type Applied } from "./gateways-ahead.ts";
import { decodeAt, type Stored } from "./mesh-mirror.ts";
import { requestBytes } from "./operations.ts";
import { NO_RULES, planPublish, type DatabaseView, type MeshView, type PublishPlan } from "./plan-publish.ts";
import { toMultis } from "./publish-multis.ts";
import { document, routeSpec } from "./test-policy.ts";

const stored = (key: string, data: Buffer, version = 0): Stored<PolicyDocument> => ({
  version,
  data,
  decoded: decodeAt(key, data),
});
const storedDocument = (row: PolicyDocument, version = 0): Stored<PolicyDocument> =>
  stored(row.key, encodeDocument(row), version);
const storedHead = (head: PolicyHead, version = 0): Stored<PolicyHead> => ({
  version,
  data: encodeHead(head),
  decoded: decodeHead(encodeHead(head)),
});
const database = (revision: number, ...rows: PolicyDocument[]): DatabaseMirror => databaseOf("db-1", revision, rows);
function databaseOf(incarnation: string, revision: number, rows: readonly PolicyDocument[]): DatabaseMirror {
  const mirror = new DatabaseMirror(incarnation);
  mirror.take(revision, rows);
  return mirror;
}

/** A mesh, with what is counted in it. */
function meshOf(head: Stored<PolicyHead> | null, documents: ReadonlyMap<string, Stored<PolicyDocument>>): MeshView {
  const writers = new Map<string, number>();
  for (const { decoded } of documents.values())
    if (decoded.ok) writers.set(decoded.value.incarnation, (writers.get(decoded.value.incarnation) ?? 0) + 1);
  return { head, documents, writers, leftOut: new Map() };
}
const mesh = (view: DatabaseView): MeshView =>
  meshOf(storedHead(view.head()), new Map([...view.documents].map(([key, row]) => [key, storedDocument(row)])));
const withDocument = (view: MeshView, key: string, found: Stored<PolicyDocument> | null): MeshView => {
  const documents = new Map(view.documents);
  if (found === null) documents.delete(key);
  else documents.set(key, found);
  return meshOf(view.head, documents);
};

const a = document("routes/a", 1, routeSpec("/a"));
const b = document("routes/b", 2, routeSpec("/b"));
const gone = document("routes/gone", 3, null);
const three = database(3, a, b, gone);
const EMPTY: MeshView = { head: null, documents: new Map(), writers: new Map(), leftOut: new Map() };

/** A plan over everything there is. */
function plan(view: MeshView, db: DatabaseView, rules?: PublishRules): PublishPlan {
  return planPublish(view, db, [...view.documents.keys(), ...db.documents.keys()], rules);
}

/** The mesh after a plan was carried out. */
function carriedOut(view: MeshView, db: DatabaseView, rules?: PublishRules): MeshView {
  const { writes, head } = plan(view, db, rules);
  const documents = new Map(view.documents);
  for (const write of writes)
    documents.set(write.document.key, storedDocument(write.document, (write.version ?? -1) + 1));
  return meshOf(head === null ? view.head : storedHead(head, (view.head?.version ?? -1) + 1), documents);
}

const NOTHING = { halt: null, writes: [], head: null, drift: [], differing: new Set() };

describe("planPublish", () => {
  it("writes everything to an empty ZooKeeper but what was removed, and calls none of it drift", () => {
    const { halt, writes, head, drift } = plan(EMPTY, three);
    expect({ halt, drift, head }).toMatchObject({ halt: null, drift: [], head: { revision: 3, count: 2 } });
    expect(writes.map(({ document: row, version }) => [row.key, version])).toEqual([
      ["routes/a", null],
      ["routes/b", null],
    ]);
  });

  it("publishes a head even when there is nothing in it, so that a gateway knows", () => {
    expect(plan(EMPTY, database(0))).toMatchObject({ writes: [], head: { revision: 0, count: 0 } });
  });

  it("has nothing to do once ZooKeeper is the projection, tombstones collected or not", () => {
    expect(plan(mesh(three), three)).toEqual(NOTHING);
    expect(plan(withDocument(mesh(three), gone.key, null), three)).toEqual(NOTHING);
  });

  it("writes only what an edit changed, at the version that was read", () => {
    const edited = document("routes/b", 4, routeSpec("/b2"));
    const found = withDocument(mesh(three), "routes/b", storedDocument(b, 7));
    const db = database(4, a, edited, gone);
    const expected = { drift: [], writes: [{ document: edited, version: 7 }], head: { revision: 4 } };
    expect(plan(found, db)).toMatchObject(expected);
    expect(planPublish(found, db, ["routes/b"])).toMatchObject(expected);
  });

  it("moves the head for an edit that changed no document", () => {
    expect(planPublish(mesh(three), database(4, a, b, gone), [])).toMatchObject({ writes: [], head: { revision: 4 } });
  });

  it("writes a head of an earlier format anew, and calls it no drift", () => {
    const first = Buffer.from(canonicalJson({ ...three.head(), v: 1 }));
    for (const data of [first, encodePreviousHead(three.head())]) {
      const found = meshOf({ version: 1, data, decoded: decodeHead(data) }, mesh(three).documents);
      expect(plan(found, three)).toMatchObject({ drift: [], writes: [], head: { v: 3 } });
    }
  });

  it("takes a head of the format before for what it says: of another content it is drift, of a later revision it halts", () => {
    const changed = encodePreviousHead({ ...three.head(), count: 9 });
    const later = encodePreviousHead({ ...three.head(), revision: 9 });
    const at = (data: Buffer): MeshView =>
      meshOf({ version: 1, data, decoded: decodeHead(data) }, mesh(three).documents);
    expect(plan(at(changed), three)).toMatchObject({ drift: [{ key: "head", action: "repair" }], head: { v: 3 } });
    expect(plan(at(later), three)).toMatchObject({ halt: { kind: "behind" }, head: null });
  });

  const drifted: readonly (readonly [string, MeshView, string])[] = [
    ["a missing node", withDocument(mesh(three), "routes/a", null), "missing"],
    [
      "bytes that are no document",
      withDocument(mesh(three), "routes/a", stored("routes/a", Buffer.from("{}"))),
      "cannot be read",
    ],
    [
      "the same content in other bytes",
      withDocument(mesh(three), "routes/a", stored("routes/a", Buffer.from(` ${encodeDocument(a).toString()}`))),
      "canonical",
    ],
    [
      "other content at the same revision",
      withDocument(mesh(three), "routes/a", storedDocument(document("routes/a", 1, routeSpec("/evil")))),
      "changed",
    ],
    [
      "a revision the database gave to another edit",
      withDocument(mesh(three), "routes/a", storedDocument({ ...a, revision: 2 })),
      "claims revision 2",
    ],
    [
      "an older revision than was published",
      withDocument(mesh(database(3, { ...a, revision: 2 }, b, gone)), "routes/a", storedDocument(a)),
      "it is at revision 1",
    ],
    [
      "another database's document",
      withDocument(mesh(three), "routes/a", storedDocument({ ...a, incarnation: "db-2" })),
      "another database",
    ],
  ];
  it.each(drifted)("calls %s drift, says what was found, and repairs it", (_, found, problem) => {
    const db = problem.includes("revision 1") ? database(3, { ...a, revision: 2 }, b, gone) : three;
    expect(plan(found, db)).toMatchObject({
      drift: [{ key: "routes/a", action: "repair", problem: expect.stringContaining(problem) }],
      writes: [{ document: { key: "routes/a" } }],
    });
    expect(plan(carriedOut(found, db), db)).toEqual(NOTHING);
  });

  it("puts a tombstone in the place of an object the database does not know", () => {
    const extra = document("routes/extra", 2, routeSpec("/extra"));
    const found = withDocument(mesh(three), extra.key, storedDocument(extra, 4));
    expect(plan(found, three)).toMatchObject({
      drift: [{ key: "routes/extra", found: extra.spec }],
      writes: [{ version: 4, document: { spec: null } }],
    });
    expect(plan(carriedOut(found, three), three)).toEqual(NOTHING);
    const none = database(0);
    const poisoned = withDocument(mesh(none), extra.key, stored(extra.key, Buffer.from("x")));
    expect(plan(carriedOut(poisoned, none), none)).toEqual(NOTHING);
  });

  it("puts it there once also under a name that is none of ours", () => {
    const key = `routes/${"x".repeat(700)}` as const;
    for (const data of [Buffer.from("x"), encodeDocument(document(key, 2, routeSpec("/x")))]) {
      const found = withDocument(mesh(three), key, stored(key, data));
      expect(plan(found, three)).toMatchObject({ drift: [{ key }], writes: [{ document: { key, spec: null } }] });
      expect(plan(carriedOut(found, three), three)).toEqual(NOTHING);
    }
  });

  it("repairs a head that was removed or rewritten, also where drift is held", () => {
    const published = mesh(three);
    const rewritten = storedHead({ ...three.head(), journal: [] });
    for (const rules of [NO_RULES, { ...NO_RULES, driftMode: "hold" } as const])
      for (const head of [null, rewritten])
        expect(plan({ ...published, head }, three, rules)).toMatchObject({
          writes: [],
          head: { revision: 3 },
          drift: [{ key: "head", action: "repair" }],
        });
  });

  it("halts before another database's policy, so that an empty database cannot erase a mesh", () => {
    const foreign = databaseOf(
      "db-2",
      3,
      [...three.documents.values()].map((row) => ({ ...row, incarnation: "db-2" })),
    );
    expect(plan(mesh(foreign), database(0))).toMatchObject({
      halt: {
        kind: "foreign",
        reason: expect.stringContaining("another database"),
        mesh: { incarnation: "db-2", revision: 3, objects: 2 },
        database: { incarnation: "db-1", revision: 0, objects: 0 },
      },
      writes: [],
      head: null,
    });
    expect(plan({ ...mesh(foreign), head: null }, three)).toMatchObject({ halt: { kind: "foreign" } });
    expect(plan(mesh(databaseOf("db-2", 3, [])), database(0))).toMatchObject({ halt: null, head: { revision: 0 } });
  });

  it("writes over the database that a person said it supersedes, tombstones too, and calls none of it drift", () => {
    const rows = [
      { ...a, incarnation: "db-2" },
      { ...gone, key: "routes/old", incarnation: "db-2" },
    ];
    const found = mesh(databaseOf("db-2", 3, rows));
    const rules: PublishRules = { ...NO_RULES, supersedes: "db-2" };
    const written = plan(found, three, rules);
    expect(written).toMatchObject({ halt: null, drift: [], head: { incarnation: "db-1" } });
    expect(written.writes.map(({ document: row }) => row.key).sort()).toEqual(["routes/a", "routes/b", "routes/old"]);
    expect(plan(carriedOut(found, three, rules), three)).toEqual(NOTHING);
  });

  it("halts before what the superseded database published since a person decided", () => {
    const found = mesh(databaseOf("db-2", 7, [{ ...a, incarnation: "db-2" }]));
    const upTo = (supersedesUpTo: number): PublishRules => ({ ...NO_RULES, supersedes: "db-2", supersedesUpTo });
    expect(plan(found, three, upTo(7))).toMatchObject({ halt: null, head: { incarnation: "db-1" } });
    expect(plan(found, three, upTo(6))).toMatchObject({ halt: { kind: "foreign" }, writes: [], head: null });
  });

  it("calls a revision that no database can count to unreadable, and does not halt before it", () => {
    const madeUp = withDocument(mesh(three), "routes/a", storedDocument({ ...a, revision: 2 ** 31 }));
    expect(plan(madeUp, three)).toMatchObject({ halt: null, drift: [{ key: "routes/a", action: "repair" }] });
    expect(decodeHead(encodeHead({ ...three.head(), revision: 2 ** 31 })).ok).toBe(false);
  });

  it("halts when ZooKeeper is ahead of the database: a backup was restored", () => {
    expect(plan(mesh(three), database(2, a, b))).toMatchObject({
      halt: { kind: "behind", reason: expect.stringContaining("behind the mesh"), mesh: { revision: 3 } },
    });
    const ahead = withDocument(mesh(three), "routes/a", storedDocument({ ...a, revision: 9 }));
    expect(planPublish(ahead, three, ["routes/a"])).toMatchObject({ halt: { kind: "behind" } });
  });

  it("halts when edits of a restored backup reach the mesh's revision: these are other changes", () => {
    const published = database(4, a, b, gone, document("routes/lost", 4, routeSpec("/lost")));
    for (const revision of [4, 5]) {
      const edited = database(revision, { ...a, revision }, b, gone);
      expect(plan(mesh(published), edited)).toMatchObject({
        halt: { kind: "behind", reason: expect.stringContaining("routes/lost at revision 4") },
        writes: [],
        head: null,
      });
    }
    const known = database(5, a, b, gone, document("routes/lost", 5, null));
    expect(plan(mesh(published), known)).toMatchObject({ halt: null, drift: [] });
  });

  it("halts when a gateway holds a later revision than the database, whatever ZooKeeper holds, and names those that do", () => {
    const ack = (gatewayId: string, revision: number, incarnation = "db-1"): Applied => ({
      gatewayId,
      incarnation,
      revision,
    });
    const planned = (view: MeshView, applied: readonly Applied[], rules = NO_RULES): PublishPlan =>
      planPublish(view, three, three.documents.keys(), rules, applied);
    const empty = meshOf(null, new Map());
    for (const view of [empty, mesh(three)]) {
      expect(
        planned(view, [ack("edge-2", 9), ack("edge-1", 4), ack("level", 3), ack("theirs", 12, "db-2")]),
      ).toMatchObject({
        halt: {
          kind: "gateways",
          reason: expect.stringContaining("later policy than the database: edge-1 (revision 4), edge-2 (revision 9)."),
          mesh: { incarnation: "db-1", revision: 9 },
          database: { revision: 3 },
        },
        writes: [],
        head: null,
      });
      expect(planned(view, [ack("level", 3), ack("late", 1), ack("theirs", 12, "db-2")]).halt).toBeNull();
    }
    const many = Array.from({ length: 7 }, (_, index) => ack(`edge-${index}`, 8));
    expect(planned(empty, many).halt?.reason).toContain("edge-4 (revision 8) and 2 more.");
    // No person's choice could put the database above the highest revision there is.
    expect(planned(mesh(three), [ack("forger", MAX_REVISION), ack("forger", 4 + LEAD_MAX)])).toEqual(NOTHING);
    expect(planned(mesh(three), [ack("edge", 3 + LEAD_MAX)]).halt?.kind).toBe("gateways");
  });

  it("halts for as long as no person has chosen, also when edits have caught up and the gateways are gone", () => {
    const rules = { ...NO_RULES, gatewaysAhead: 2 };
    expect(planPublish(mesh(three), three, [], rules)).toMatchObject({
      halt: { kind: "gateways", reason: expect.stringContaining("had applied revision 2"), mesh: { revision: 2 } },
      head: null,
    });
  });

  it("halts also when a removal alone tells that the database is behind, and the head is gone", () => {
    const later = storedDocument(document("routes/later", 5, null));
    const headless = meshOf(null, mesh(three).documents);
    expect(plan(withDocument(headless, "routes/later", later), three).halt).toMatchObject({
      kind: "behind",
      mesh: { revision: 5 },
    });
  });

  it("goes on where a person decided, in a mesh without a head in which more than one other database wrote", () => {
    const others = [document("routes/x", 1, routeSpec("/x"), "db-2"), document("routes/y", 1, routeSpec("/y"), "db-3")];
    const view = meshOf(null, new Map(others.map((row) => [row.key, storedDocument(row)])));
    expect(plan(view, three).halt).toMatchObject({ kind: "foreign" });
    const decided = plan(view, three, { ...NO_RULES, supersedes: "db-2" });
    expect(decided.halt).toBeNull();
    expect(decided.writes.map(({ document: row }) => row.key)).toEqual(
      expect.arrayContaining(["routes/a", "routes/b", "routes/x", "routes/y"]),
    );
  });

  it("halts on an object that no node can hold, naming it", () => {
    for (const row of [document("routes/a/b", 1, {}), document("routes/huge", 1, "x".repeat(70_000))])
      expect(plan(EMPTY, database(1, row))).toMatchObject({
        halt: { kind: "unpublishable", reason: expect.stringContaining(row.key) },
      });
  });
});

describe("what was found", () => {
  it("is the spec where one can be read, also with a hash that does not fit, else the text", () => {
    const byHand = { ...a, spec: routeSpec("/by-hand") };
    for (const [data, found] of [
      [Buffer.from(JSON.stringify(byHand)), byHand.spec],
      [Buffer.from("<not JSON>"), "<not JSON>"],
      [Buffer.from('{"spec":"text"}'), '{"spec":"text"}'],
    ] as const)
      expect(plan(withDocument(mesh(three), "routes/a", stored("routes/a", data)), three)).toMatchObject({
        drift: [{ key: "routes/a", found }],
      });
  });
});

describe("held drift", () => {
  const evil = storedDocument(document("routes/a", 1, routeSpec("/evil")), 5);
  const found = withDocument(mesh(three), "routes/a", evil);
  const hash = foundHash(evil);
  const rulesWith = (decision: "none" | "restore" | "ignore", at = hash): PublishRules => ({
    driftMode: "hold",
    supersedes: null,
    standing: new Map([["routes/a", { foundHash: at, decision }]]),
  });

  it("is reported and left, and stays suspect, until a person decides", () => {
    for (const rules of [{ ...NO_RULES, driftMode: "hold" } as const, rulesWith("none")]) {
      const held = plan(found, three, rules);
      expect(held).toMatchObject({
        writes: [],
        head: null,
        drift: [{ key: "routes/a", action: "hold", foundHash: hash }],
      });
      expect(held.differing).toEqual(new Set(["routes/a"]));
    }
  });

  it("is repaired when a person wants what was published back, and left without a word when they ignore it", () => {
    expect(plan(found, three, rulesWith("restore"))).toMatchObject({
      drift: [{ action: "repair" }],
      writes: [{ document: a, version: 5 }],
    });
    const ignored = plan(found, three, { ...rulesWith("ignore"), driftMode: "repair" });
    expect(ignored).toMatchObject({ drift: [], writes: [] });
    expect(ignored.differing).toEqual(new Set(["routes/a"]));
  });

  it("needs another decision once something else is found", () => {
    for (const decision of ["restore", "ignore"] as const)
      expect(plan(found, three, rulesWith(decision, "of other bytes"))).toMatchObject({ drift: [{ action: "hold" }] });
  });

  it("gives way to an edit of the object, and does not keep others from being published", () => {
    const edited = database(4, document("routes/a", 4, routeSpec("/a2")), b, gone);
    expect(plan(found, edited, rulesWith("none"))).toMatchObject({
      writes: [{ document: { revision: 4 }, version: 5 }],
    });
    const other = database(4, a, document("routes/b", 4, routeSpec("/b2")), gone);
    expect(plan(found, other, rulesWith("none"))).toMatchObject({
      writes: [{ document: { key: "routes/b" } }],
      head: { revision: 4 },
      drift: [{ key: "routes/a", action: "hold" }],
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

  it("is one multi for the largest edit that is saved, with the longest head", () => {
    const longest = { ...head, data: Buffer.alloc(JOURNAL_MAX * 600) };
    const sizeOf = (key: string): number =>
      encodeDocument(document("routes/x", 2 ** 31 - 1, "")).length - "routes/x".length + 2 * key.length;
    for (const [count, idLength] of [
      [9, 10],
      [EDIT_LIMITS.documents, 10],
      [700, 200],
    ] as const) {
      const edit = Array.from({ length: count }, (_, index) => {
        const key = `routes/${String(index).padStart(idLength, "r")}` as const;
        const room = Math.min(65_000, Math.floor(EDIT_LIMITS.bytes / count)) - sizeOf(key);
        return { document: document(key, 2 ** 31 - 1, "x".repeat(room)), version: 1 };
      });
      const multis = toMultis("/meshkeeper", "/meshkeeper/election/me", edit, longest);
      expect(multis.map((multi) => multi.length)).toEqual([count + 2]);
      expect(requestBytes(multis.flat())).toBeLessThan(REQUEST_BYTES_MAX);
    }
  });

  it("splits what does not fit, each part fenced, the head in the last one only, nothing lost", () => {
    for (const limits of [
      { bytes: 4000, operations: 1000 },
      { bytes: 1e6, operations: 7 },
    ]) {
      const multis = toMultis("/m", "/m/election/me", writes, head, limits, limits);
      expect(multis.length).toBeGreaterThan(2);
      expect(multis.every((multi) => multi[0]?.kind === "check" && multi.length <= limits.operations)).toBe(true);
      expect(multis.map((multi) => multi.includes(head))).toEqual(
        multis.map((_, index) => index === multis.length - 1),
      );
      expect(multis.flat().filter((op) => op.kind === "create")).toHaveLength(30);
    }
  });
});
