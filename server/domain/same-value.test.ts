import fc from "fast-check";
import { expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.ts";
import { isSameValue } from "./same-value.ts";

it("agrees with the text in canonical form", () => {
  const values = fc.jsonValue({ maxDepth: 3, noUnicodeString: true, depthSize: "small" });
  fc.assert(
    fc.property(values, values, (one, other) => {
      expect(isSameValue(one, structuredClone(one))).toBe(true);
      // -0 and 0 are the same value, and the same text.
      expect(isSameValue(one, other)).toBe(canonicalJson(one) === canonicalJson(other));
    }),
  );
});

it("tells a list from an object, and one with a field more from one without", () => {
  expect(isSameValue([], {})).toBe(false);
  expect(isSameValue({ a: 1 }, { a: 1, b: 2 })).toBe(false);
  expect(isSameValue({ a: 1, b: null }, { a: 1 })).toBe(false);
  expect(isSameValue({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toBe(true);
});
