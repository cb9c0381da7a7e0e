import { describe, expect, it } from "vitest";
import { errorChangeInWords, meanOf, rateChangeInWords } from "./compare-words.ts";

describe("meanOf", () => {
  it("weighs errors by requests, and knows nothing without points", () => {
    expect(meanOf([])).toBeNull();
    const points = [
      { atMs: 0, requestsPerSecond: 30, errorPercent: 0 },
      { atMs: 1, requestsPerSecond: 10, errorPercent: 100 },
    ];
    expect(meanOf(points)).toEqual({ requestsPerSecond: 20, errorPercent: 25 });
    expect(meanOf([{ atMs: 0, requestsPerSecond: 0, errorPercent: 0 }])?.errorPercent).toBe(0);
  });
});

describe("changes in words", () => {
  it("says a share, then a multiple, and nothing of what sways", () => {
    const words = (now: number, before: number): string =>
      rateChangeInWords(now, before, "yesterday").replaceAll("\u00a0", " ");
    expect([words(112, 100), words(88, 100), words(101, 100), words(320, 100)]).toEqual([
      "12 % more than yesterday",
      "12 % less than yesterday",
      "about as yesterday",
      "3.2 times as much as yesterday",
    ]);
    expect([words(5, 0), words(0, 0), words(0, 5)]).toEqual([
      "none yesterday",
      "none yesterday either",
      "100 % less than yesterday",
    ]);
  });

  it("compares percentages by their difference", () => {
    expect(errorChangeInWords(3.2, 2, "an hour ago")).toBe("1.2 points more than an hour ago");
    expect(errorChangeInWords(2, 30, "an hour ago")).toBe("28 points less than an hour ago");
    expect(errorChangeInWords(2.04, 2, "an hour ago")).toBe("about as an hour ago");
  });
});
