import { afterEach, describe, expect, it, vi } from "vitest";
import type { Marker, MarkerKind } from "#domain/history.ts";
import { MARKER_KINDS } from "#domain/history.ts";
import { ticksOf, zoneInWords } from "./axis-ticks.ts";
import { AXIS_RANGES, panned, showing, spanOf, stepAt, windowFor, zoomed } from "./axis-window.ts";
import { clusterMarkers, neighbourOf } from "./marker-clusters.ts";
import { gapsOf, pointAt, stretchesOf } from "./mesh-line.ts";
import { readMoment, writeMoment } from "./moment-address.ts";
import { nextMoment, replayStep } from "./replay.ts";

const NOW = Date.UTC(2026, 10, 29, 12, 0, 0);
const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;

describe("a moment in the address", () => {
  it("is read back as it was written, and as ms", () => {
    expect(readMoment(writeMoment(NOW + 123))).toBe(NOW + 123);
    expect(readMoment(NOW.toString())).toBe(NOW);
    expect(readMoment("2026-11-29T13:00:00+01:00")).toBe(NOW);
  });

  it("is none when it names none", () => {
    for (const text of [
      null,
      "",
      "now",
      "yesterday",
      "2026-11-29",
      "-5",
      "1e3",
      "99999999999999999",
      "2026-99-99T00:00:00Z",
    ])
      expect(readMoment(text), text ?? "null").toBeNull();
  });
});

describe("the stretch of time on the axis", () => {
  it("begins with the shortest range that holds the moment asked for", () => {
    expect(windowFor(null, NOW)).toEqual({ spanMs: 10 * MIN, endMs: null });
    expect(windowFor(NOW - 3 * MIN, NOW).spanMs).toBe(10 * MIN);
    expect(windowFor(NOW - 3 * HOUR, NOW)).toEqual({ spanMs: 6 * HOUR, endMs: null });
    const { fromMs, toMs } = spanOf(windowFor(NOW - 13.5 * DAY, NOW), NOW);
    expect(fromMs).toBeLessThan(NOW - 13.5 * DAY);
    expect(toMs).toBeGreaterThan(NOW - 13.5 * DAY);
  });

  it("keeps what is under the pointer in its place when zoomed", () => {
    const axis = { spanMs: HOUR, endMs: NOW - HOUR };
    const around = NOW - 1.25 * HOUR;
    const place = (window: typeof axis | ReturnType<typeof zoomed>): number => {
      const { fromMs, toMs } = spanOf(window, NOW);
      return (around - fromMs) / (toMs - fromMs);
    };
    expect(place(zoomed(axis, 0.5, around, NOW))).toBeCloseTo(place(axis), 9);
    expect(place(zoomed(axis, 1.5, around, NOW))).toBeCloseTo(place(axis), 9);
  });

  it("goes on with time until it is moved, and again once it is moved back to now", () => {
    const live = { spanMs: HOUR, endMs: null };
    const back = panned(live, -10 * MIN, NOW);
    expect(spanOf(back, NOW + MIN).toMs).toBe(NOW - 10 * MIN);
    expect(panned(back, 20 * MIN, NOW)).toEqual(live);
    expect(zoomed(live, 2, NOW - 30 * MIN, NOW).endMs).toBeNull();
  });

  it("does not reach further back than anything is kept, nor into the future", () => {
    expect(spanOf(panned({ spanMs: HOUR, endMs: null }, -90 * DAY, NOW), NOW).fromMs).toBe(NOW - 14 * DAY);
    expect(zoomed({ spanMs: 14 * DAY, endMs: null }, 10, NOW, NOW).spanMs).toBe(14 * DAY);
    expect(zoomed({ spanMs: MIN, endMs: null }, 0.01, NOW, NOW).spanMs).toBe(MIN);
    expect(spanOf({ spanMs: HOUR, endMs: NOW + HOUR }, NOW).toMs).toBe(NOW);
  });

  it("moves only as far as it must to show a moment", () => {
    const axis = { spanMs: HOUR, endMs: NOW - DAY };
    expect(showing(axis, NOW - DAY - MIN, NOW)).toBe(axis);
    for (const at of [NOW - 2 * DAY, NOW - HOUR]) {
      const { fromMs, toMs } = spanOf(showing(axis, at, NOW), NOW);
      expect(at).toBeGreaterThan(fromMs);
      expect(at).toBeLessThan(toMs);
    }
  });

  it("steps by what is kept of the time, and crosses every range in some two hundred steps at most", () => {
    expect(stepAt(NOW - MIN, NOW, 2 * MIN)).toBe(1000);
    expect(stepAt(NOW - HOUR, NOW, 10 * MIN)).toBe(10_000);
    expect(stepAt(NOW - 2 * DAY, NOW, 10 * MIN)).toBe(60_000);
    for (const { ms } of AXIS_RANGES) expect(ms / stepAt(NOW, NOW, ms)).toBeLessThanOrEqual(200);
  });
});

describe("ticks", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it("stand at round local times, as many as fit", () => {
    vi.stubEnv("TZ", "UTC");
    const labels = ticksOf({ fromMs: NOW - 10 * MIN, toMs: NOW }, 6).map(({ label }) => label);
    expect(labels).toEqual(["11:50", "11:52", "11:54", "11:56", "11:58", "12:00"]);
    for (const { ms } of AXIS_RANGES) {
      const ticks = ticksOf({ fromMs: NOW - ms + 1, toMs: NOW }, 8);
      expect(ticks.length).toBeGreaterThan(1);
      expect(ticks.length).toBeLessThanOrEqual(9);
    }
  });

  it("stand at round hours on both sides of a change of the clocks, and say the date at midnight", () => {
    vi.stubEnv("TZ", "Europe/Berlin");
    const midnight = Date.UTC(2026, 9, 24, 22);
    const labels = ticksOf({ fromMs: midnight - 6 * HOUR, toMs: midnight + 13 * HOUR }, 7).map(({ label }) => label);
    expect(labels).toEqual(["18:00", "21:00", "25 Oct", "03:00", "06:00", "09:00", "12:00"]);
    expect(zoneInWords(midnight)).toBe("UTC+02:00");
    expect(zoneInWords(midnight + 12 * HOUR)).toBe("UTC+01:00");
  });
});

describe("the line of the whole mesh", () => {
  const point = (atMs: number, requestsPerSecond = 1) => ({ atMs, requestsPerSecond, errorPercent: 0 });
  const points = [0, 10, 20, 60, 70].map((second) => point(NOW + second * 1000));

  it("breaks where nothing is on record, and says where", () => {
    expect(stretchesOf(points).map((stretch) => stretch.length)).toEqual([3, 2]);
    expect(gapsOf(points, { fromMs: NOW - MIN, toMs: NOW + 200_000 }, NOW + 120_000)).toEqual([
      { fromMs: NOW - MIN, toMs: NOW },
      { fromMs: NOW + 30_000, toMs: NOW + 60_000 },
      { fromMs: NOW + 80_000, toMs: NOW + 120_000 },
    ]);
    expect(gapsOf([], { fromMs: NOW, toMs: NOW + MIN }, NOW + MIN)).toEqual([{ fromMs: NOW, toMs: NOW + MIN }]);
  });

  it("has a figure for a moment inside a span, none in a gap", () => {
    expect(pointAt(points, NOW + 12_000)?.atMs).toBe(NOW + 10_000);
    expect(pointAt(points, NOW + 45_000)).toBeNull();
    expect(pointAt(points, NOW - 1)).toBeNull();
  });
});

describe("markers on the axis", () => {
  const marker = (id: string, kind: MarkerKind, atMs: number, tone: Marker["tone"] = "neutral"): Marker => ({
    id,
    kind,
    atMs,
    tone,
    title: id,
    actor: "",
    concerns: [],
    auditSequence: null,
  });
  const axis = { fromMs: NOW - HOUR, toMs: NOW };
  const all = new Set(MARKER_KINDS);

  it("that stand too close are one, with their number and the worst of their tones", () => {
    const close = [marker("a", "revision", NOW - 30 * MIN), marker("b", "drift", NOW - 30 * MIN + 500, "bad")];
    const [cluster, ...others] = clusterMarkers({ markers: close, more: [] }, axis, 0.02, all);
    expect(others).toEqual([]);
    expect(cluster).toMatchObject({ lane: "policy", count: 2, tone: "bad", kinds: ["revision", "drift"] });
  });

  it("count those of which only the number came", () => {
    const more = [{ fromMs: NOW - 20 * MIN, toMs: NOW - 10 * MIN, kind: "breaker", count: 12 } as const];
    const [cluster] = clusterMarkers({ markers: [], more }, axis, 0.02, all);
    expect(cluster).toMatchObject({ lane: "mesh", count: 12, markers: [], kinds: ["breaker"] });
    expect(cluster?.atMs).toBeGreaterThan(NOW - 20 * MIN);
    expect(cluster?.atMs).toBeLessThan(NOW - 10 * MIN);
  });

  it("keep together while the axis goes on", () => {
    const markers = Array.from({ length: 40 }, (_, at) =>
      marker(at.toString(), "instance", NOW - 50 * MIN + at * 47_000),
    );
    const keysAt = (byMs: number) =>
      clusterMarkers({ markers, more: [] }, { fromMs: axis.fromMs + byMs, toMs: axis.toMs + byMs }, 0.02, all).map(
        ({ key, count }) => `${key}: ${count.toString()}`,
      );
    expect(keysAt(7000)).toEqual(keysAt(0));
  });

  it("are left out by kind", () => {
    const markers = [marker("a", "revision", NOW - MIN), marker("b", "gateway", NOW - MIN)];
    expect(clusterMarkers({ markers, more: [] }, axis, 0.02, new Set(["gateway"]))).toHaveLength(1);
  });

  it("lead from one to the next", () => {
    const markers = [1, 2, 3].map((minute) => marker(minute.toString(), "revision", NOW + minute * MIN));
    expect(neighbourOf(markers, NOW + 2 * MIN, 1)?.id).toBe("3");
    expect(neighbourOf(markers, NOW + 2 * MIN, -1)?.id).toBe("1");
    expect(neighbourOf(markers, NOW + 3 * MIN, 1)).toBeNull();
  });
});

describe("replay", () => {
  it("keeps its speed whatever the length of the spans, and shows each span", () => {
    for (const speed of [1, 10, 60] as const)
      for (const age of [MIN, HOUR, 3 * DAY]) {
        const { stepMs, tickMs } = replayStep(speed, NOW - age, NOW);
        expect(stepMs / tickMs).toBeCloseTo(speed, 9);
        expect(tickMs).toBeGreaterThanOrEqual(500);
      }
    expect(replayStep(1, NOW - MIN, NOW)).toEqual({ stepMs: 1000, tickMs: 1000 });
  });

  it("joins the live mesh at the end", () => {
    expect(nextMoment(NOW - MIN, 1000, NOW)).toBe(NOW - MIN + 1000);
    expect(nextMoment(NOW - 4000, 1000, NOW)).toBeNull();
  });
});
