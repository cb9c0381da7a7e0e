import { describe, expect, it } from "vitest";
import type { HistoryBucket, OverrideSpan, StateSpan } from "#domain/breaker-history.ts";
import { bandSegments, overrideBands } from "./band-segments.ts";
import { chartPoints } from "./chart-points.ts";
import { shownTransitions } from "./shown-transitions.ts";
import { timeRangeOf } from "./time-range.ts";

const AXIS = { fromMs: 1000, toMs: 11_000 };

function span(
  fromMs: number,
  toMs: number | null,
  state: StateSpan["state"],
  percent: number | null = null,
): StateSpan {
  return { fromMs, toMs, state, percent, cause: `because ${state}` };
}

describe("bandSegments", () => {
  it("covers the whole axis and says where nothing is known", () => {
    const segments = bandSegments([span(3000, 6000, "open"), span(6000, null, "closed")], AXIS);
    expect(segments.map(({ state, from, width }) => [state, from, width])).toEqual([
      [null, 0, 0.2],
      ["open", 0.2, 0.3],
      ["closed", 0.5, 0.5],
    ]);
    expect(segments.at(-1)?.ongoing).toBe(true);
  });

  it("cuts off what began before the axis or ends after it", () => {
    expect(bandSegments([span(0, 99_000, "open")], AXIS)).toMatchObject([{ state: "open", from: 0, width: 1 }]);
    expect(bandSegments([span(0, 500, "open")], AXIS)).toMatchObject([{ state: null, width: 1 }]);
  });

  it("shows a time of silence between two spans, and after the last", () => {
    const states = bandSegments([span(1000, 3000, "closed"), span(5000, 7000, "closed")], AXIS);
    expect(states.map(({ state }) => state)).toEqual(["closed", null, "closed", null]);
  });

  it("draws a flapping breaker as a few pieces as bad as the worst in them, not as thousands", () => {
    const spans = Array.from({ length: 10_000 }, (_, at) =>
      span(1000 + at, at === 9999 ? null : 1001 + at, at % 2 === 0 ? "open" : "closed"),
    );
    const segments = bandSegments(spans, AXIS);
    expect(segments.length).toBeLessThanOrEqual(500);
    expect(segments.every(({ state }) => state === "open")).toBe(true);
    expect(segments.reduce((sum, { count }) => sum + count, 0)).toBe(10_000);
  });

  it("tells the steps of a graded return apart", () => {
    const segments = bandSegments([span(1000, 3000, "half-open"), span(3000, null, "half-open", 5)], AXIS);
    expect(segments.map(({ percent }) => percent)).toEqual([null, 5]);
  });
});

describe("overrideBands", () => {
  const held: OverrideSpan = {
    fromMs: 6000,
    toMs: null,
    mode: "forced-open",
    actor: "Ada",
    reason: "test",
    where: "only gateway-2",
  };
  it("lie over the gateways they bind only", () => {
    expect(overrideBands([held], "gateway-1", AXIS)).toEqual([]);
    expect(overrideBands([held], "gateway-2", AXIS)).toMatchObject([{ from: 0.5, width: 0.5 }]);
    expect(overrideBands([{ ...held, where: "all gateways" }], "gateway-1", AXIS)).toHaveLength(1);
  });
});

describe("chartPoints", () => {
  const bucket: HistoryBucket = {
    atMs: 4000,
    counts: { success: 6, timeout: 2 },
    fallbackServed: 2,
    fallbackFailed: 0,
    p50Ms: 5,
    p95Ms: 9,
    p99Ms: 12,
  };
  const history = { fromMs: 1000, toMs: 9000, bucketMs: 2000, buckets: [bucket], recordedSinceMs: 4500 };

  it("has a point for quiet buckets too, none drawn as 0 before the record begins", () => {
    const points = chartPoints(history);
    expect(points.map(({ atMs, success }) => [atMs, success])).toEqual([
      [2000, null],
      [4000, 3],
      [6000, 0],
    ]);
    expect(points[1]).toMatchObject({ timeout: 1, fallbackServed: 1, p95Ms: 9 });
    expect(points[2]?.p95Ms).toBeNull();
  });

  it("knows nothing where nothing is on record", () => {
    const points = chartPoints({ ...history, buckets: [], recordedSinceMs: null });
    expect(points.every(({ success }) => success === null)).toBe(true);
  });
});

describe("shownTransitions", () => {
  const timelines = [
    {
      gatewayId: "gateway-1",
      worker: null,
      spans: [span(0, 2000, "closed"), span(2000, 7000, "open"), span(7000, null, "half-open")],
    },
    { gatewayId: "gateway-2", worker: 2, spans: [span(0, 4000, "closed"), span(6000, null, "closed")] },
  ];
  it("are the changes within the time, of all gateways, latest first", () => {
    const shown = shownTransitions(timelines, 1000);
    expect(shown.map(({ place, atMs, from, to }) => [place, atMs, from, to])).toEqual([
      ["gateway-1", 7000, "open", "half-open"],
      ["gateway-1", 2000, "closed", "open"],
    ]);
  });
});

describe("timeRangeOf", () => {
  it("is five minutes unless the address names another that exists", () => {
    expect(timeRangeOf(null).value).toBe("5m");
    expect(timeRangeOf("6h").ms).toBe(21_600_000);
    expect(timeRangeOf("7y").value).toBe("5m");
  });
});
