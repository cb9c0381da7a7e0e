import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PolicyDocument } from "#domain/policy.ts";
import { makeHead } from "./codec.ts";
import { DatabaseMirror } from "./database-mirror.ts";
import { document } from "./test-policy.ts";

/** An edit of some objects, by number; true removes. */
const edits = fc.array(fc.uniqueArray(fc.tuple(fc.nat(400), fc.boolean()), { minLength: 1, selector: ([id]) => id }), {
  maxLength: 60,
});

describe("the mirror of the database", () => {
  it("describes what it holds as a head made from scratch does, after any edits, taken one by one or at once", () => {
    fc.assert(
      fc.property(edits, (history) => {
        const stepwise = new DatabaseMirror("db-1");
        const all = new Map<string, PolicyDocument>();
        for (const [index, edit] of history.entries()) {
          const revision = index + 1;
          const documents = edit.map(([id, isRemoved]) =>
            document(`routes/r${id}`, revision, isRemoved ? null : { id, revision }),
          );
          for (const made of documents) all.set(made.key, made);
          expect(stepwise.isBefore([...all.values()].filter((row) => row.revision > stepwise.readFrom))).toBe(true);
          stepwise.take(revision, documents);
        }
        const atOnce = new DatabaseMirror("db-1");
        atOnce.take(history.length, [...all.values()]);
        const expected = makeHead("db-1", history.length, all.values());
        expect(stepwise.head()).toEqual(expected);
        expect(atOnce.head()).toEqual(expected);
        expect(stepwise.live).toBe(expected.count);
      }),
      { numRuns: 200 },
    );
  });

  it("does not come before a backup of it, whatever was edited in that since", () => {
    const [a, b] = [document("routes/a", 1, "a"), document("routes/b", 2, "b")];
    const mirror = new DatabaseMirror("db-1");
    mirror.take(2, [a, b]);
    expect(mirror.readFrom).toBe(1);
    const c = document("routes/c", 3, "c");
    for (const since of [[b], [b, c], [{ ...b, revision: 3 }]]) expect(mirror.isBefore(since)).toBe(true);
    const other = document("routes/b", 2, "other");
    for (const since of [[], [c], [other], [document("routes/c", 2, "c"), b]])
      expect(mirror.isBefore(since)).toBe(false);
  });
});
