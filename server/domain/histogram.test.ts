import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  BUCKETS,
  LatencyRecorder,
  LatencySum,
  bucketOf,
  bucketUpperMs,
  meanMs,
  mergeHistograms,
  percentileMs,
} from "./histogram.ts";

/** The longest latency that does not fall into the last bucket, ms. */
const LONGEST_MS = bucketUpperMs(BUCKETS - 2);

const latencies = fc.array(fc.double({ min: 0.0011, max: LONGEST_MS * 0.99, noNaN: true }), {
  minLength: 1,
  maxLength: 200,
});

function histogramOf(values: readonly number[]): ReturnType<LatencyRecorder["take"]> {
  const recorder = new LatencyRecorder();
  for (const value of values) recorder.record(value);
  return recorder.take();
}

/** The value that `percent` % of the values do not exceed. */
function exactPercentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil((percent / 100) * sorted.length)) - 1] ?? Number.NaN;
}

describe("a latency's bucket", () => {
  it("ends above the latency, by 9.1 % at most", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.0011, max: LONGEST_MS, noNaN: true }), (ms) => {
        const upper = bucketUpperMs(bucketOf(ms));
        expect(upper).toBeGreaterThanOrEqual(ms * (1 - 1e-12));
        expect(upper).toBeLessThanOrEqual(ms * 2 ** (1 / 8) * (1 + 1e-12));
      }),
    );
  });

  it.each([0, -1, Number.NaN, 0.001])("is the first for %d ms", (ms) => {
    expect(bucketOf(ms)).toBe(0);
  });

  it.each([LONGEST_MS * 2, 3_600_000, Number.POSITIVE_INFINITY])("is the last for %d ms", (ms) => {
    expect(bucketOf(ms)).toBe(BUCKETS - 1);
  });
});

describe("the mean", () => {
  it("is the exact one, but for half the width of a bucket", () => {
    fc.assert(
      fc.property(latencies, (values) => {
        const exact = values.reduce((sum, value) => sum + value, 0) / values.length;
        const ratio = (meanMs(histogramOf(values)) ?? 0) / exact;
        expect(ratio).toBeGreaterThan(0.95);
        expect(ratio).toBeLessThan(1.05);
      }),
    );
    expect(meanMs([])).toBeNull();
  });
});

describe("percentiles", () => {
  it("are the exact ones, but for the width of a bucket", () => {
    fc.assert(
      fc.property(latencies, fc.integer({ min: 0, max: 100 }), (values, percent) => {
        const exact = exactPercentile(values, percent);
        const ratio = (percentileMs(histogramOf(values), percent) ?? 0) / exact;
        expect(ratio).toBeGreaterThan(1 - 1e-9);
        expect(ratio).toBeLessThan(1.0906);
      }),
    );
  });

  it("of a sum are those of what was added and not taken out again", () => {
    fc.assert(
      fc.property(latencies, latencies, (left, stays) => {
        const sum = new LatencySum();
        for (const values of [left, stays]) sum.add(histogramOf(values));
        sum.remove(histogramOf(left));
        const percents = [0, 50, 95, 99, 100];
        expect(sum.percentilesMs(percents)).toEqual(percents.map((one) => percentileMs(histogramOf(stays), one)));
        sum.remove(histogramOf(stays));
        expect(sum.percentilesMs([50])).toEqual([null]);
      }),
    );
  });

  it("of a fleet are those of all its latencies, not averages of its members'", () => {
    fc.assert(
      fc.property(fc.array(latencies, { maxLength: 5 }), (fleet) => {
        expect(mergeHistograms(fleet.map(histogramOf))).toEqual(histogramOf(fleet.flat()));
      }),
    );
  });

  it("are null when nothing was recorded", () => {
    expect(percentileMs(histogramOf([]), 99)).toBeNull();
  });
});

describe("LatencyRecorder", () => {
  it("starts over once its counts were taken", () => {
    const recorder = new LatencyRecorder();
    recorder.record(5);
    recorder.record(5);
    expect(recorder.take()).toEqual([[bucketOf(5), 2]]);
    expect(recorder.take()).toEqual([]);
  });
});
