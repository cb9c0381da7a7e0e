import { describe, expect, it } from "vitest";
import { DURATION_UNITS, joinQuantity, SIZE_UNITS, splitQuantity } from "./quantity.ts";

describe("a figure typed with its unit", () => {
  it("shows the largest unit that needs no fraction", () => {
    expect(splitQuantity(90_000, DURATION_UNITS)).toEqual({ text: "90", unit: "s" });
    expect(splitQuantity(120_000, DURATION_UNITS)).toEqual({ text: "2", unit: "min" });
    expect(splitQuantity(1536, SIZE_UNITS)).toEqual({ text: "1536", unit: "bytes" });
    expect(splitQuantity(0, DURATION_UNITS)).toEqual({ text: "0", unit: "ms" });
  });

  it("comes back as it was", () => {
    for (const value of [0, 1, 999, 1000, 90_000, 3_600_000]) {
      const { text, unit } = splitQuantity(value, DURATION_UNITS);
      expect(joinQuantity(text, unit, DURATION_UNITS)).toBe(value);
    }
  });

  it("tells an empty field from one that holds no number", () => {
    expect(splitQuantity(null, SIZE_UNITS)).toEqual({ text: "", unit: "bytes" });
    expect(joinQuantity(" ", "KiB", SIZE_UNITS)).toBeNull();
    expect(joinQuantity("ten", "KiB", SIZE_UNITS)).toBeNaN();
  });
});
