import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PolicyDocument } from "#domain/policy.ts";
import {
  changedSince,
  decodeDocument,
  decodeHead,
  documentDigest,
  encodeDocument,
  encodeHead,
  encodePreviousHead,
  isOlderHead,
  JOURNAL_MAX,
  makeHead,
  rootHash,
  rootOfHashes,
  RootSum,
  specHash,
} from "./codec.ts";
import { document, routeSpec } from "./test-policy.ts";

const documents = (count: number): PolicyDocument[] =>
  Array.from({ length: count }, (_, index) => document(`routes/r${index}`, index + 1, routeSpec(`/${index}`)));

describe("documents and heads", () => {
  it("come back from their bytes as they were, whatever the spec, and have one encoding each", () => {
    const spec = fc.option(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), { nil: null });
    fc.assert(
      fc.property(spec, fc.integer({ min: 1 }), (value, revision) => {
        const original = document("routes/a", revision, value);
        const decoded = decodeDocument(encodeDocument(original));
        expect(decoded.ok).toBe(true);
        if (!decoded.ok) return;
        expect(encodeDocument(decoded.value).equals(encodeDocument(original))).toBe(true);
        expect(decoded.value.revision).toBe(revision);
      }),
    );
  });

  it("are hashed without regard to the order of members", () => {
    expect(specHash({ a: 1, b: { c: [1, 2], d: null } })).toBe(specHash({ b: { d: null, c: [1, 2] }, a: 1 }));
    expect(specHash({ a: [1, 2] })).not.toBe(specHash({ a: [2, 1] }));
  });

  it("add up to one root, whatever their order; a tombstone does not count, any change does", () => {
    const some = documents(5);
    expect(rootHash(some)).toBe(rootHash(some.toReversed()));
    expect(rootHash([...some, document("routes/gone", 9, null)])).toBe(rootHash(some));
    expect(rootHash(some.slice(1))).not.toBe(rootHash(some));
    expect(rootHash([...some.slice(1), document("routes/r0", 1, routeSpec("/other"))])).not.toBe(rootHash(some));
  });

  it("have a root that any history of edits arrives at, step by step, in any order, and that a copy does not share", () => {
    const edits = fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "d"), fc.option(fc.nat({ max: 9 }))));
    fc.assert(
      fc.property(edits, (history) => {
        const hashes = new Map<string, string>();
        const sum = new RootSum();
        for (const [key, value] of history) {
          const before = { copy: sum.copy(), digest: sum.digest() };
          const known = hashes.get(key);
          if (known !== undefined) sum.remove(key, known);
          hashes.delete(key);
          if (value !== null) {
            hashes.set(key, specHash(value));
            sum.add(key, specHash(value));
          }
          expect(sum.digest()).toBe(rootOfHashes(hashes));
          expect(before.copy.digest()).toBe(before.digest);
        }
        expect(sum.digest()).toMatch(/^[0-9a-f]{64}$/);
      }),
    );
  });

  it("have a root that tells a document from the same one under another name, and two swapped contents from each other", () => {
    const root = (pairs: Readonly<Record<string, string>>): string => rootOfHashes(new Map(Object.entries(pairs)));
    expect(root({ a: "1" })).not.toBe(root({ b: "1" }));
    expect(root({ a: "1", b: "2" })).not.toBe(root({ a: "2", b: "1" }));
    expect(root({})).toBe("0".repeat(64));
  });

  it("never throw when read from arbitrary bytes", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 500 }),
          fc.json().map((text) => new TextEncoder().encode(text)),
        ),
        (bytes) => {
          expect(decodeDocument(Buffer.from(bytes)).ok).toBe(false);
          expect(decodeHead(Buffer.from(bytes)).ok).toBe(false);
        },
      ),
    );
  });

  it("are refused when the hash is wrong, a member is unknown, the version is another, or they are too large or too deep", () => {
    const good = document("routes/a", 1, routeSpec("/a"));
    const changed = (members: object): Buffer => Buffer.from(JSON.stringify({ ...good, ...members }));
    expect(decodeDocument(changed({})).ok).toBe(true);
    expect(decodeDocument(changed({ spec: routeSpec("/b") }))).toMatchObject({
      ok: false,
      problem: "its hash does not fit its content",
    });
    const infinite = JSON.stringify({ ...good, spec: { weight: "x" } }).replace('"x"', "1e999");
    expect(decodeDocument(Buffer.from(infinite))).toMatchObject({ ok: false });
    expect(decodeDocument(changed({ surprise: true }))).toMatchObject({
      ok: false,
      problem: expect.stringContaining("surprise"),
    });
    expect(decodeDocument(changed({ v: 2 })).ok).toBe(false);
    expect(decodeDocument(changed({ spec: "x".repeat(70_000) }))).toMatchObject({
      problem: expect.stringContaining("bytes"),
    });
    const deep = `${'{"a":'.repeat(40)}1${"}".repeat(40)}`;
    expect(decodeDocument(Buffer.from(deep))).toMatchObject({ problem: expect.stringContaining("nested") });
  });
});

describe("the head's journal", () => {
  it("lists the latest changes, oldest first, and survives encoding at its largest", () => {
    const head = makeHead("db-1", 400, documents(400));
    expect(head.journal).toHaveLength(JOURNAL_MAX);
    expect(head.journal.at(-1)).toEqual([400, "set", "routes/r399", expect.stringMatching(/^[\w-]{22}$/)]);
    expect(head.count).toBe(400);
    expect(decodeHead(encodeHead(head))).toEqual({ ok: true, value: head });
  });

  it("is told from the head of an earlier version, which is older and not tampered with", () => {
    const head = makeHead("db-1", 3, documents(3));
    const older = Buffer.from(JSON.stringify({ ...head, v: 1 }));
    expect(isOlderHead(older)).toBe(true);
    expect(decodeHead(older)).toEqual({ ok: false, problem: "an older format" });
    expect(isOlderHead(encodeHead(head))).toBe(false);
    for (const other of [{ v: 1 }, { ...head, v: 1, surprise: true }, { ...head, v: 4 }]) {
      expect(isOlderHead(Buffer.from(JSON.stringify(other)))).toBe(false);
      expect(decodeHead(Buffer.from(JSON.stringify(other)))).not.toMatchObject({ problem: "an older format" });
    }
  });

  it("names each document by what its node says, and not by its spec alone", () => {
    const [entry, other] = [document("routes/a", 2, routeSpec("/a")), document("routes/a", 3, routeSpec("/a"))].map(
      (row) => makeHead("db-1", 3, [row]).journal[0],
    );
    expect(entry?.[3]).toBe(documentDigest(encodeDocument(document("routes/a", 2, routeSpec("/a")))));
    expect(other?.[3]).not.toBe(entry?.[3]);
    expect(makeHead("db-1", 4, [document("routes/a", 4, null)]).journal[0]).toHaveLength(4);
  });

  it("reads the format before, which had no digests, and no mixture of both", () => {
    const head = makeHead("db-1", 3, documents(3));
    const decoded = decodeHead(encodePreviousHead(head));
    expect(decoded).toMatchObject({ ok: true, value: { v: 2, revision: 3, root: head.root } });
    expect(decoded.ok && decoded.value.journal).toEqual(head.journal.map((entry) => entry.slice(0, 3)));
    for (const mixed of [
      { ...head, v: 2 },
      { ...head, journal: [...head.journal, [3, "set", "routes/x"]] },
    ])
      expect(decodeHead(Buffer.from(JSON.stringify(mixed)))).toMatchObject({
        ok: false,
        problem: expect.stringContaining("another format"),
      });
  });

  it("tells what changed since a revision, or that it does not reach back that far", () => {
    const rows = [...documents(4), document("routes/r0", 7, null)].slice(1);
    const head = makeHead("db-1", 7, rows);
    expect(changedSince(head, 3)).toEqual(["routes/r3", "routes/r0"]);
    expect(changedSince(head, 7)).toEqual([]);
    expect(changedSince(head, 1)).toEqual(["routes/r1", "routes/r2", "routes/r3", "routes/r0"]);
    expect(changedSince(makeHead("db-1", 0, []), 0)).toEqual([]);
    const full = makeHead("db-1", 400, documents(400));
    expect(changedSince(full, 400 - JOURNAL_MAX + 1)).toHaveLength(JOURNAL_MAX - 1);
    expect(changedSince(full, 400 - JOURNAL_MAX)).toBeNull();
  });

  it("covers every change after the revision it claims to, for any history", () => {
    const history = fc.array(fc.tuple(fc.integer({ min: 0, max: 299 }), fc.boolean()), {
      minLength: 1,
      maxLength: 600,
    });
    fc.assert(
      fc.property(history, fc.nat(), (edits, pick) => {
        const rows = new Map(
          edits.map(([id, live], index) => [id, document(`routes/r${id}`, index + 1, live ? { id } : null)] as const),
        );
        const head = makeHead("db-1", edits.length, rows.values());
        const since = pick % (edits.length + 1);
        const changed = changedSince(head, since);
        if (changed === null) return;
        const expected = [...rows.values()].filter((row) => row.revision > since).map((row) => row.key);
        expect([...changed].sort()).toEqual(expected.sort());
      }),
    );
  });
});
