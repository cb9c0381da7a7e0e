import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyPatch, PatchMismatch } from "./apply-patch.ts";
import { diff, fields, list, listBy, sliding, type Shape } from "./patch.ts";

const NAMES = ["a", "items", "inner", "id"];
const NUMBERS = new Map(NAMES.map((name, at) => [name, at]));

const few = fc.nat({ max: 2 });
const leaf: fc.Arbitrary<unknown> = fc.oneof(
  few,
  fc.constant(null),
  fc.constantFrom("x", "y"),
  fc.array(few, { maxLength: 2 }),
);
/** Keys may be missing or doubled, fields may come and go, and lists be in any order: whatever comes must arrive. */
const item: fc.Arbitrary<object> = fc.record(
  { id: fc.constantFrom("i", "j", "k", "l", "m"), a: leaf, b: leaf, inner: fc.record({ a: leaf, c: leaf }) },
  { requiredKeys: ["id"] },
);
const values: fc.Arbitrary<object> = fc.record(
  {
    a: leaf,
    items: fc.array(item, { maxLength: 6 }),
    inner: fc.oneof(fc.record({ a: leaf, b: leaf }), fc.constant(null)),
    history: fc.array(few, { maxLength: 6 }),
    worst: fc.array(fc.oneof(item, leaf), { maxLength: 3 }),
  },
  { requiredKeys: ["a", "items", "history"] },
);
const SHAPE: Shape = fields({
  items: list(["id"], fields({ inner: fields() })),
  inner: fields(),
  history: sliding,
  worst: listBy(({ a }) => JSON.stringify(a), fields()),
});

/** What arrives at the other end of the wire. */
const sent = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
const told = (before: unknown, after: unknown): unknown => {
  const patch = sent(diff(SHAPE, before, after, NUMBERS));
  return patch === undefined ? before : applyPatch(before, patch, NAMES);
};

describe("a patch", () => {
  it("leads from any value to any other, over the wire", () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 5 }), (sequence) => {
        let known = sent(sequence[0]);
        for (const [at, value] of sequence.entries()) {
          known = at === 0 ? known : told(sent(sequence[at - 1]), value);
          expect(known).toEqual(value);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("leaves what did not change the same object, and says nothing when nothing did", () => {
    fc.assert(
      fc.property(values, values, (before, after) => {
        expect(diff(SHAPE, before, sent(before), NUMBERS)).toBeUndefined();
        const known = before as Record<string, unknown>;
        const news = told(before, sent({ ...before, ...after, a: "changed" })) as Record<string, unknown>;
        const sameFields = Object.keys(news).every((name) => name in known);
        for (const name of sameFields ? Object.keys(news) : [])
          if (JSON.stringify(news[name]) === JSON.stringify(known[name])) expect(news[name]).toBe(known[name]);
      }),
    );
  });

  it("of a list names only the items that came, went or changed", () => {
    const before = {
      a: 0,
      items: [
        { id: "i", a: 1 },
        { id: "j", a: 1 },
        { id: "k", a: 1 },
      ],
      history: [1, 2],
    };
    const after = {
      a: 0,
      items: [
        { id: "h", a: 1 },
        { id: "i", a: 1 },
        { id: "k", a: 2 },
      ],
      history: [2, 3],
    };
    expect(diff(SHAPE, before, after, NUMBERS)).toEqual([
      0,
      1,
      [2, [1], [2, [0, 0, 2]], [0, { id: "h", a: 1 }]],
      "history",
      [3, 1, [3]],
    ]);
    expect(Object(told(before, after)).items[1]).toBe(before.items[0]);
  });

  it("that does not fit is refused, whatever it is", () => {
    const before = sent({ a: 0, items: [{ id: "i", a: 1 }], history: [1] });
    for (const patch of [[9], [0, 77, 1], [0, "other", 1], [0, 1, [2, [], [5, 1], []]], [0, 1, [2, [], [], [7, {}]]]])
      expect(() => applyPatch(before, patch, NAMES)).toThrow(PatchMismatch);
    fc.assert(
      fc.property(fc.jsonValue(), (patch) => {
        try {
          applyPatch(before, patch, NAMES);
        } catch (error) {
          expect(error).toBeInstanceOf(PatchMismatch);
        }
      }),
    );
  });
});
