import { describe, expect, it } from "vitest";
import { testReading } from "#domain/test-reading.ts";
import { errorGauge, slowGauge, volumeGauge } from "./gauge-words.ts";

const plain = (text: string) => text.replaceAll("\u00a0", " ");
const SOME = testReading({});

function reading(window: Partial<(typeof SOME)["window"]>, thresholds: Partial<(typeof SOME)["thresholds"]> = {}) {
  return testReading({ window: { ...SOME.window, ...window }, thresholds: { ...SOME.thresholds, ...thresholds } });
}

describe("errorGauge", () => {
  it("puts the window beside its threshold", () => {
    expect(errorGauge(reading({ total: 40, errors: 31 }))).toMatchObject({
      percent: 77,
      threshold: 50,
      over: true,
      words: "31 of 40 calls failed = 77 %, opens at 50 % of 20 or more",
    });
  });

  it("does not round up to the threshold", () => {
    expect(errorGauge(reading({ total: 1000, errors: 499 }))).toMatchObject({ percent: 49, over: false });
  });

  it("is not over it without calls, and says when it never opens", () => {
    expect(errorGauge(reading({}))).toMatchObject({ percent: 0, over: false });
    expect(errorGauge(reading({}, { enabled: false })).words).toContain("never opens by itself");
  });
});

describe("slowGauge", () => {
  it("is there only when slow calls matter", () => {
    expect(slowGauge(SOME)).toBeNull();
  });

  it("counts calls that still wait among the slow", () => {
    const gauge = slowGauge(reading({ total: 30, slow: 10, waiting: 10 }, { slowCallMs: 500 }));
    expect(gauge).toMatchObject({ percent: 50, over: true });
    expect(plain(gauge?.words ?? "")).toBe(
      "20 of 40 calls took 500 ms or longer (10 still waiting) = 50 %, opens at 50 %",
    );
  });
});

describe("volumeGauge", () => {
  it("says whether there are enough calls to decide", () => {
    expect(plain(volumeGauge(reading({ total: 8 })).words)).toBe("8 of 20 calls in 10 s: too few to open");
    expect(volumeGauge(reading({ total: 25 }))).toMatchObject({ figure: "25", percent: 62, threshold: 50 });
  });
});
