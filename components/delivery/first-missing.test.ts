import { describe, expect, it } from "vitest";
import { behindSinceMs, firstEditAfter } from "./first-missing.ts";

const edits = [
  { revision: 9, savedAtMs: 900, publishedAtMs: null },
  { revision: 8, savedAtMs: 800, publishedAtMs: 810 },
  { revision: 7, savedAtMs: 700, publishedAtMs: 710 },
];

describe("the first edit that is missing", () => {
  it("is the one after what is there", () => {
    expect(firstEditAfter(7, edits)).toMatchObject({ revision: 8 });
    expect(behindSinceMs(7, edits)).toBe(810);
  });

  it("is unknown before the edits at hand, and none where nothing is missing or published", () => {
    expect(behindSinceMs(5, edits)).toBeNull();
    expect(behindSinceMs(null, edits)).toBeNull();
    expect(behindSinceMs(8, edits)).toBeNull();
    expect(firstEditAfter(9, edits)).toBeNull();
  });
});
