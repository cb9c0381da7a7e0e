import fc from "fast-check";
import { expect, it } from "vitest";
import { significant } from "./significant.ts";

it("keeps three significant digits, as printing a number with three does", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), (value) => {
      const printed = Number(value.toPrecision(3));
      // What lies half-way between two figures may go either way.
      expect(Math.abs(significant(value) - value)).toBeLessThanOrEqual(Math.abs(printed - value) * (1 + 1e-9) + 1e-18);
      expect(Number(significant(value).toPrecision(3))).toBe(significant(value));
      expect(significant(-value)).toBeCloseTo(-significant(value), 12);
    }),
  );
});

it("leaves round figures, zero and what is no figure as they are", () => {
  for (const value of [0, 1, 0.1, 12.3, 999, 1230, 123_000, 0.000123]) expect(significant(value)).toBe(value);
  expect(significant(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  expect(significant(1234)).toBe(1230);
  expect(significant(0.12345)).toBe(0.123);
  expect(significant(999.6)).toBe(1000);
});
