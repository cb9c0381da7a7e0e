import { describe, expect, it } from "vitest";
import { formatCount, formatErrors, formatLatency, formatPercent, formatRate, formatRatio } from "./number.ts";
import { formatAgo, formatSetting, formatSpan } from "./time.ts";

/** Units hang on their numbers by spaces that do not break; tests read better with plain ones. */
const plain = (text: string): string => text.replaceAll("\u00a0", " ");

describe("rates and shares", () => {
  it("says of calls that nobody made neither that they failed nor that they did not", () => {
    expect(formatErrors({ requestsPerSecond: 0, errorRatio: 0 })).toBe("–");
    expect(formatErrors(null)).toBe("–");
    expect(plain(formatErrors({ requestsPerSecond: 0.01, errorRatio: 0 }))).toBe("0 %");
    expect(plain(formatErrors({ requestsPerSecond: 2, errorRatio: 0.25 }))).toBe("25 %");
  });

  it("never shows traffic as none, nor almost all as all", () => {
    expect([0, 0.01, 4, 12.34, 1240].map(formatRate)).toEqual(["0/s", "<0.1/s", "4.0/s", "12.3/s", "1,240/s"]);
    expect([0, 0.0004, 0.004, 0.61, 0.9996, 1].map(formatRatio).map(plain)).toEqual([
      "0 %",
      "<0.1 %",
      "0.4 %",
      "61 %",
      "99.9 %",
      "100 %",
    ]);
    expect(plain(formatPercent(65.8))).toBe("66 %");
  });

  it("separates thousands", () => {
    expect([999, 1000, 1234567].map(formatCount)).toEqual(["999", "1,000", "1,234,567"]);
  });
});

describe("times", () => {
  it("shows a latency in the unit one thinks in", () => {
    expect([null, 0.42, 23.4, 1234, 12_345].map(formatLatency).map(plain)).toEqual([
      "–",
      "0.4 ms",
      "23 ms",
      "1.23 s",
      "12.3 s",
    ]);
  });

  it("shows a span in its two largest units", () => {
    expect([0, 999, 12_000, 200_000, 7_200_000, 93_600_000].map(formatSpan).map(plain)).toEqual([
      "0 s",
      "0 s",
      "12 s",
      "3 min 20 s",
      "2 h",
      "1 d 2 h",
    ]);
  });

  it("does not show the future as the past when clocks differ a little", () => {
    expect(formatAgo(1000, 500)).toBe("just now");
    expect(plain(formatAgo(0, 200_000))).toBe("3 min ago");
  });

  it("shows a setting without fractions", () => {
    expect([1500, 15_000, 600_000].map(formatSetting).map(plain)).toEqual(["1500 ms", "15 s", "10 min"]);
  });
});
