import { describe, expect, it } from "vitest";
import { policyKey, type PolicyDocument, type PolicyHead } from "#domain/policy.ts";
import { EMPTY_SNAPSHOT } from "#domain/snapshot.ts";
import { encodeDocument, JOURNAL_MAX, makeHead } from "./codec.ts";
import { applyReading, isAsJournalled, readNode, type HeldPolicy, type NodeRead } from "./read-policy.ts";
import { document, routeSpec } from "./test-policy.ts";

const NOTHING: HeldPolicy = { snapshot: EMPTY_SNAPSHOT, refused: [], verified: false, trusted: null };
type Row = PolicyDocument;
const readOf = (state: HeldPolicy, rows: readonly Row[]): Map<string, NodeRead | null> =>
  new Map(rows.map((row) => [row.key, readNode(state, row.key, encodeDocument(row))]));
const read = (state: HeldPolicy, head: PolicyHead, rows: readonly Row[]): HeldPolicy =>
  applyReading(state, { head, nodes: readOf(state, rows), complete: true });
const route = (id: string, revision: number, path: string): Row =>
  document(policyKey("routes", id), revision, routeSpec(path));
const paths = (state: HeldPolicy): Record<string, string | undefined> =>
  Object.fromEntries([...state.snapshot.routes].map(([id, { spec }]) => [id, spec.matches[0]?.path.value]));
const refusals = (state: HeldPolicy): string[] => state.refused.map(({ key, reason }) => `${key}: ${reason}`).sort();
const previousFormat = (head: PolicyHead): PolicyHead => ({
  ...head,
  v: 2,
  journal: head.journal.map(([revision, change, key]) => [revision, change, key]),
});

const a = route("a", 1, "/a");
const b = route("b", 2, "/b");
const two = read(NOTHING, makeHead("db-1", 2, [a, b]), [a, b]);
const a3 = route("a", 3, "/a3");
const b4 = route("b", 4, "/b4");
const four = makeHead("db-1", 4, [a3, b4]);
const evil = route("a", 3, "/evil");
const NOT_PUBLISHED = "routes/a: it is not what was published";
const OFF = "head: the documents read do not add up to it";

describe("a tree that does not add up to its head", () => {
  it("cannot slip in what was forged at the revision just published, and is followed in everything else", () => {
    const next = read(two, four, [evil, b4]);
    expect(paths(next)).toEqual({ a: "/a", b: "/b4" });
    expect(refusals(next)).toEqual([OFF, NOT_PUBLISHED]);
    expect(paths(read(next, four, [a3, b4]))).toEqual({ a: "/a3", b: "/b4" });
  });

  it("nor at a revision between, nor under a new name, nor as a removal", () => {
    const between = read(two, four, [route("a", 4, "/evil"), b4]);
    expect(paths(between)).toEqual({ a: "/a", b: "/b4" });
    const stranger = read(two, four, [a3, b4, route("stranger", 4, "/evil")]);
    expect(paths(stranger)).toEqual({ a: "/a3", b: "/b4" });
    expect(refusals(stranger)).toEqual([OFF, "routes/stranger: it is not what was published"]);
    const removed = read(two, four, [document("routes/a", 3, null), b4]);
    expect(paths(removed)).toEqual({ a: "/a", b: "/b4" });
    expect(refusals(removed)).toEqual([OFF, NOT_PUBLISHED]);
  });

  it("nor into a gateway that holds nothing at all, as far as the journal reaches", () => {
    expect(paths(read(NOTHING, four, [evil, b4, route("stranger", 1, "/evil")]))).toEqual({ b: "/b4" });
  });

  it("is believed, where it is older than the journal, by a gateway that never saw one that adds up", () => {
    const old = route("old", 1, "/old");
    const later = Array.from({ length: JOURNAL_MAX }, (_, index) => route(`r${index}`, index + 2, `/r${index}`));
    const head = makeHead("db-1", JOURNAL_MAX + 1, [old, ...later]);
    const start = read(NOTHING, head, [old, route("r0", 2, "/evil"), ...later.slice(1)]);
    expect(paths(start)).toMatchObject({ old: "/old", r1: "/r1" });
    expect(paths(start)).not.toHaveProperty("r0");
  });

  it("is believed at later revisions where the head is of the format before, as that was", () => {
    expect(paths(read(two, previousFormat(four), [evil, b4]))).toEqual({ a: "/evil", b: "/b4" });
  });

  it("can stay so for longer than the journal reaches: what was believed meanwhile stays, and goes on being guarded", () => {
    const rows = new Map<string, Row>([a, b].map((row) => [row.key, row]));
    const forged = route("a", 1, "/evil");
    let state = two;
    const publish = (row: Row): PolicyHead => {
      rows.set(row.key, row);
      return makeHead("db-1", row.revision, rows.values());
    };
    const found = (): Row[] => [...rows.values()].map((row) => (row.key === a.key ? forged : row));
    for (let index = 0; index <= JOURNAL_MAX; index += 1) {
      const head = publish(route(index === 0 ? "b" : `r${index}`, 3 + index, `/${index}`));
      if (index % 64 === 0) state = read(state, head, found());
    }
    expect(paths(state)).toMatchObject({ a: "/a", b: "/0", r1: "/1" });
    expect(refusals(state)).toEqual([OFF, "routes/a: it was changed without being published"]);
    const head = makeHead("db-1", 3 + JOURNAL_MAX, rows.values());
    const worse = read(state, head, [...found().filter(({ key }) => key !== b.key), route("b", 3, "/worse")]);
    expect(paths(worse)).toMatchObject({ a: "/a", b: "/0" });
    expect(refusals(worse)).toContain("routes/b: it was changed without being published");
  });
});

describe("isAsJournalled", () => {
  const gone = document("routes/c", 5, null);
  const head = makeHead("db-1", 5, [a3, b4, gone]);
  const asked = (...rows: readonly Row[]): boolean => isAsJournalled(head, readOf(two, rows));

  it("is what the journal names, byte for byte; a removal needs no node", () => {
    expect(asked(a3, b4, gone)).toBe(true);
    expect(isAsJournalled(head, new Map([["routes/c", null]]))).toBe(true);
    expect(isAsJournalled(head, new Map())).toBe(true);
  });

  it("is nothing else: not another content or revision, nor one that is missing, unreadable, or named nowhere", () => {
    for (const row of [evil, route("a", 4, "/a3"), document("routes/c", 5, routeSpec("/c")), route("x", 5, "/x")])
      expect(asked(b4, row)).toBe(false);
    expect(isAsJournalled(head, new Map([["routes/a", null]]))).toBe(false);
    expect(isAsJournalled(head, new Map([["routes/a", readNode(two, "routes/a", Buffer.from("x"))]]))).toBe(false);
    expect(isAsJournalled(previousFormat(head), readOf(two, [a3]))).toBe(false);
  });
});
