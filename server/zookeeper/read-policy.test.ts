import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PolicyDocument, PolicyHead } from "#domain/policy.ts";
import { EMPTY_SNAPSHOT } from "#domain/snapshot.ts";
import { encodeDocument, makeHead } from "./codec.ts";
import {
  applyReading as applyNodes,
  differs,
  heldFromDisk,
  readNode,
  reasonToRefuseHead,
  type HeldPolicy,
} from "./read-policy.ts";
import { breakerSpec, document, routeSpec } from "./test-policy.ts";

const NOTHING: HeldPolicy = { snapshot: EMPTY_SNAPSHOT, refused: [], verified: false, trusted: null };
const nodesOf = (rows: readonly PolicyDocument[]): Map<string, Buffer | null> =>
  new Map(rows.map((row) => [row.key, encodeDocument(row)]));
interface Reading {
  readonly head: PolicyHead;
  readonly nodes: ReadonlyMap<string, Buffer | null>;
  readonly complete: boolean;
}
const applyReading = (state: HeldPolicy, { head, nodes, complete }: Reading): HeldPolicy => {
  const read = [...nodes].map(([key, data]) => [key, data === null ? null : readNode(state, key, data)] as const);
  return applyNodes(state, { head, nodes: new Map(read), complete });
};
const full = (head: PolicyHead, nodes: ReadonlyMap<string, Buffer | null>): Reading => ({
  head,
  nodes,
  complete: true,
});
const headOf = (revision: number, rows: readonly PolicyDocument[], incarnation = "db-1"): PolicyHead =>
  makeHead(incarnation, revision, rows);
/** Without digests, so that a gateway can be fooled. */
const previousFormat = (head: PolicyHead): PolicyHead => ({
  ...head,
  v: 2,
  journal: head.journal.map(([revision, change, key]) => [revision, change, key]),
});
const held = (revision: number, rows: readonly PolicyDocument[]): HeldPolicy =>
  applyReading(NOTHING, full(headOf(revision, rows), nodesOf(rows)));
const routes = (state: HeldPolicy): Record<string, string | undefined> =>
  Object.fromEntries([...state.snapshot.routes].map(([id, route]) => [id, route.spec.matches[0]?.path.value]));

const a = document("routes/a", 1, routeSpec("/a"));
const b = document("routes/b", 2, routeSpec("/b"));
const breaker = document("breakers/service:orders", 3, breakerSpec("orders", 700));
const rows = [a, b, breaker];
const three = held(3, rows);

describe("applyReading", () => {
  it("takes in a whole policy", () => {
    expect(three).toMatchObject({ verified: true, refused: [], snapshot: { incarnation: "db-1", revision: 3 } });
    expect(routes(three)).toEqual({ a: "/a", b: "/b" });
    expect(three.snapshot.breakers.get("service:orders")?.spec.settings.timeoutMs).toBe(700);
    expect(three.snapshot.root).toBe(headOf(3, rows).root);
  });

  it("applies what the journal names, sets and removals, and keeps the rest", () => {
    const b4 = document("routes/b", 4, routeSpec("/b4"));
    const a5 = document("routes/a", 5, null);
    const next = applyReading(three, { head: headOf(5, [a5, b4, breaker]), nodes: nodesOf([a5, b4]), complete: false });
    expect(next).toMatchObject({ verified: true, refused: [], snapshot: { revision: 5 } });
    expect(routes(next)).toEqual({ b: "/b4" });
    expect(next.snapshot.breakers.size).toBe(1);
  });

  it("keeps the previous value of a document it cannot accept, applies the rest, and says which and why", () => {
    const bad = document("routes/b", 4, { ...routeSpec("/b"), destinations: [] });
    const c = document("routes/c", 5, routeSpec("/c"));
    const next = applyReading(three, {
      head: headOf(5, [a, bad, c, breaker]),
      nodes: nodesOf([bad, c]),
      complete: false,
    });
    expect(routes(next)).toEqual({ a: "/a", b: "/b", c: "/c" });
    expect(next.verified).toBe(true);
    expect(next.refused).toEqual([{ key: "routes/b", revision: 4, reason: expect.stringContaining("destinations") }]);
    const mended = document("routes/b", 6, routeSpec("/b6"));
    const last = applyReading(next, {
      head: headOf(6, [a, mended, c, breaker]),
      nodes: nodesOf([mended]),
      complete: false,
    });
    expect(last.refused).toEqual([]);
    expect(routes(last)["b"]).toBe("/b6");
  });

  it("refuses a member it does not know, at any depth: a newer console may mean something by it", () => {
    const spec = { ...routeSpec("/a"), matches: [{ ...routeSpec("/a").matches[0], mirror: true }] };
    const odd = document("routes/a", 4, spec);
    const next = applyReading(three, { head: headOf(4, [odd, b, breaker]), nodes: nodesOf([odd]), complete: false });
    expect(next.refused).toMatchObject([{ key: "routes/a", reason: expect.stringContaining("matches.0.mirror") }]);
    expect(routes(next)["a"]).toBe("/a");
  });

  it("refuses a policy under a name that is not its own", () => {
    const wrong = document("breakers/service:payments", 4, breakerSpec("orders", 1));
    const next = applyReading(three, { head: headOf(4, [...rows, wrong]), nodes: nodesOf([wrong]), complete: false });
    expect(next.refused).toMatchObject([{ key: "breakers/service:payments", reason: "it belongs to service:orders" }]);
    expect([...next.snapshot.breakers.keys()]).toEqual(["service:orders"]);
  });

  it("drops what is absent when everything adds up, and keeps it when not", () => {
    const gone = applyReading(three, full(headOf(4, [a]), nodesOf([a])));
    expect(routes(gone)).toEqual({ a: "/a" });
    const damaged = applyReading(three, full(headOf(4, rows), nodesOf([a])));
    expect(routes(damaged)).toEqual({ a: "/a", b: "/b" });
    expect(damaged).toMatchObject({ verified: false, refused: [{ key: "head" }] });
  });

  it("cannot be emptied by a tree that lost its documents, or by a head that merely claims so", () => {
    const wiped = applyReading(three, full(headOf(3, rows), new Map()));
    expect(routes(wiped)).toEqual({ a: "/a", b: "/b" });
    const claim = applyReading(three, full(headOf(9, []), nodesOf(rows)));
    expect(routes(claim)).toEqual({ a: "/a", b: "/b" });
    const honest = applyReading(
      three,
      full(headOf(9, []), nodesOf(rows.map((row, index) => document(row.key as "routes/a", 4 + index, null)))),
    );
    expect(routes(honest)).toEqual({});
    expect(honest.verified).toBe(true);
  });

  it("does not believe what was changed without being published, and takes it when the repair is seen", () => {
    const evil = document("routes/a", 1, routeSpec("/evil"));
    const slipped = applyReading(three, full(headOf(3, rows), nodesOf([evil, b, breaker])));
    expect(routes(slipped)).toEqual({ a: "/a", b: "/b" });
    expect(slipped.refused).toMatchObject([
      { key: "routes/a", reason: "it was changed without being published" },
      { key: "head" },
    ]);
    const removed = applyReading(three, full(headOf(3, rows), nodesOf([document("routes/a", 1, null), b, breaker])));
    expect(routes(removed)).toEqual({ a: "/a", b: "/b" });
    const repaired = applyReading(slipped, full(headOf(3, rows), nodesOf(rows)));
    expect(repaired).toMatchObject({ verified: true, refused: [] });
  });

  it("does not believe what was changed while the gateway was away, either", () => {
    const evil = document("routes/a", 1, routeSpec("/evil"));
    const next = applyReading(heldFromDisk(three.snapshot, []), full(headOf(3, rows), nodesOf([evil, b, breaker])));
    expect(routes(next)).toEqual({ a: "/a", b: "/b" });
    expect(next.refused.map(({ key }) => key)).toEqual(["routes/a", "head"]);
  });

  it("drops what a head that adds up does not count, though its node cannot be used", () => {
    const forged = document("routes/forged", 1, routeSpec("/forged"));
    const made = applyReading(NOTHING, full(previousFormat(headOf(3, rows)), nodesOf([...rows, forged])));
    expect(routes(made)).toHaveProperty("forged");
    const later = document("routes/forged", 9, null);
    const next = applyReading(made, full(headOf(3, rows), nodesOf([...rows, later])));
    expect(next).toMatchObject({ verified: true, refused: [{ key: "routes/forged" }] });
    expect(routes(next)).toEqual({ a: "/a", b: "/b" });
  });

  it("takes another database's policy whole, or not at all", () => {
    const other = [document("routes/z", 1, routeSpec("/z"), "db-2")];
    const whole = applyReading(three, full(headOf(1, other, "db-2"), nodesOf(other)));
    expect(routes(whole)).toEqual({ z: "/z" });
    expect(whole.snapshot).toMatchObject({ incarnation: "db-2", revision: 1 });
    expect(whole.snapshot.breakers.size).toBe(0);
    const half = applyReading(three, full(headOf(1, other, "db-2"), nodesOf(rows)));
    expect(half.snapshot).toBe(three.snapshot);
    expect(half.refused).toMatchObject([{ key: "head" }]);
  });

  it("starts from whatever can be used when it holds nothing at all", () => {
    const start = applyReading(
      NOTHING,
      full(headOf(3, rows), new Map([...nodesOf([a, breaker]), ["routes/b", Buffer.from("garbage")]])),
    );
    expect(routes(start)).toEqual({ a: "/a" });
    expect(start.refused).toMatchObject([{ key: "routes/b" }, { key: "head" }]);
  });

  it("never throws, and arbitrary bytes in one node change no other key", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom("routes/a", "routes/new", "overrides/__proto__"),
        fc.boolean(),
        (bytes, key, complete) => {
          const nodes = new Map<string, Buffer | null>([...(complete ? nodesOf(rows) : []), [key, Buffer.from(bytes)]]);
          const next = applyReading(three, { head: headOf(4, rows), nodes, complete });
          expect(routes(next)).toEqual({ a: "/a", b: "/b" });
          expect(next.snapshot.breakers.size).toBe(1);
          expect(next.refused.some((entry) => entry.key === key)).toBe(true);
        },
      ),
    );
  });
});

it("believes a repair that adds up, though it is older than what a fresh gateway was made to believe", () => {
  const claimed = document("routes/a", 3, routeSpec("/evil"));
  const fooled = applyReading(NOTHING, full(previousFormat(headOf(3, rows)), nodesOf([claimed, b, breaker])));
  expect(routes(fooled)["a"]).toBe("/evil");
  expect(fooled.verified).toBe(false);
  expect(routes(applyReading(fooled, full(headOf(3, rows), nodesOf(rows))))["a"]).toBe("/a");
});

it("refuses a head that went back, unless another database wrote it", () => {
  expect(reasonToRefuseHead(three, headOf(2, rows))).toContain("went back");
  expect(reasonToRefuseHead(three, headOf(3, rows))).toBe("");
  expect(reasonToRefuseHead(three, headOf(1, [], "db-2"))).toBe("");
});

it("is not emptied by a database in which nothing was ever saved", () => {
  expect(reasonToRefuseHead(three, headOf(0, [], "db-2"))).toContain("nothing was ever saved");
  expect(reasonToRefuseHead(NOTHING, headOf(0, [], "db-2"))).toBe("");
  expect(reasonToRefuseHead(applyReading(NOTHING, full(headOf(0, []), new Map())), headOf(0, [], "db-2"))).toBe("");
});

describe("what is removed for good", () => {
  const gone = document("routes/a", 4, null);
  const head = headOf(4, [gone, b, breaker]);

  it("needs no node any more where the head says so", () => {
    const next = applyReading(three, { head, nodes: new Map([["routes/a", null]]), complete: false });
    expect(next).toMatchObject({ verified: true, refused: [] });
    expect(routes(next)).toEqual({ b: "/b" });
    const absent = applyReading(three, full(head, new Map([...nodesOf([b, breaker]), ["routes/a", null]])));
    expect(absent).toMatchObject({ verified: true, refused: [] });
    expect(routes(absent)).toEqual({ b: "/b" });
  });

  it("is not what only went missing", () => {
    const missing = applyReading(three, { head, nodes: new Map([["routes/b", null]]), complete: false });
    expect(routes(missing)).toEqual({ a: "/a", b: "/b" });
    expect(missing.refused).toMatchObject([{ key: "routes/b", reason: "its node is missing" }, { key: "head" }]);
    const set = headOf(4, [document("routes/a", 4, routeSpec("/a4")), b, breaker]);
    const unset = applyReading(three, { head: set, nodes: new Map([["routes/a", null]]), complete: false });
    expect(unset.refused).toMatchObject([{ key: "routes/a", reason: "its node is missing" }, { key: "head" }]);
  });
});

describe("a reading of what changed", () => {
  const Step = fc.record({
    edits: fc.array(fc.tuple(fc.nat({ max: 5 }), fc.option(fc.constantFrom("/x", "/y", "bad"))), { maxLength: 4 }),
    complete: fc.boolean(),
  });
  const edited = (id: number, revision: number, path: string | null): PolicyDocument =>
    document(
      `routes/r${id}`,
      revision,
      path === null ? null : path === "bad" ? { ...routeSpec("/z"), odd: 1 } : routeSpec(path),
    );

  it("leads, step by step, where a reading of everything leads, and makes nothing anew that did not change", () => {
    fc.assert(
      fc.property(fc.array(Step, { minLength: 1 }), (steps) => {
        const all = new Map<string, PolicyDocument>();
        let state = applyReading(NOTHING, full(headOf(0, []), new Map()));
        const inForce = new Map<string, string>();
        for (const [step, { edits, complete }] of steps.entries()) {
          const revision = step + 1;
          const changed = edits.map(([id, path]) => edited(id, revision, path));
          for (const row of changed) all.set(row.key, row);
          for (const [id, path] of edits) {
            const last = edits.findLast(([other]) => other === id)?.[1];
            if (last === null) inForce.delete(`r${id}`);
            else if (last !== "bad" && path !== undefined) inForce.set(`r${id}`, last ?? "");
          }
          const head = headOf(revision, [...all.values()]);
          const latest = changed.flatMap(({ key }) => all.get(key) ?? []);
          const before = state;
          state = applyReading(state, { head, nodes: nodesOf(complete ? [...all.values()] : latest), complete });
          expect(state.verified).toBe(true);
          expect(routes(state)).toEqual(Object.fromEntries(inForce));
          const untouched = [...before.snapshot.routes].filter(([id]) => !edits.some(([other]) => id === `r${other}`));
          for (const [id, route] of untouched) expect(state.snapshot.routes.get(id)).toBe(route);
          const again = applyReading(state, full(head, nodesOf([...all.values()])));
          expect(differs(state, again)).toBe(false);
          expect(again.snapshot).toBe(state.snapshot);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("takes what it holds from disk for what it reads, where they are the same", () => {
    const fromDisk: HeldPolicy = { ...three, verified: false, trusted: null };
    expect(applyReading(fromDisk, full(headOf(3, rows), nodesOf(rows))).snapshot).toBe(three.snapshot);
  });
});
