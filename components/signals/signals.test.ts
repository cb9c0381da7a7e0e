import { describe, expect, it } from "vitest";
import type { Marker, SignalPoint, Signals } from "#domain/history.ts";
import { formatByteRate } from "./byte-rate.ts";
import { clusterMarkers, concernsAny, worstOf } from "./cluster-markers.ts";
import { extendSignals } from "./extend-signals.ts";
import { lineStyle } from "./line-style.ts";
import { nearestTime, signalFrame } from "./signal-frame.ts";
import { readSpan, scaled, shifted, writeSpan } from "./signal-range.ts";
import { signalsCsv } from "./signals-csv.ts";
import { timeTicks } from "./time-ticks.ts";
import { valueTicks } from "./value-ticks.ts";

function point(atMs: number, requestsPerSecond = 1): SignalPoint {
  return { atMs, requestsPerSecond, errorPercent: 0, p50Ms: 1, p95Ms: 2, p99Ms: 3, bytesPerSecond: 10, inFlight: 1 };
}

function signals(lines: Readonly<Record<string, readonly number[]>>, stepSeconds = 1): Signals {
  return {
    stepSeconds,
    lines: Object.entries(lines).map(([name, times]) => ({ name, points: times.map((atMs) => point(atMs)) })),
  };
}

const timesOf = (given: Signals | null): Record<string, number[]> =>
  Object.fromEntries((given?.lines ?? []).map(({ name, points }) => [name, points.map(({ atMs }) => atMs)]));

describe("extendSignals", () => {
  it("adds the newest points, replaces those read again, and leaves out what is too old", () => {
    const known = signals({ a: [0, 1000, 2000, 3000] });
    const again = { stepSeconds: 1, lines: [{ name: "a", points: [point(3000, 7), point(4000)] }] };
    const extended = extendSignals(known, again, 1000);
    expect(timesOf(extended)).toEqual({ a: [1000, 2000, 3000, 4000] });
    expect(extended?.lines[0]?.points[2]?.requestsPerSecond).toBe(7);
  });

  it("takes points away that are not on record any more, of lines that the tail does not name either", () => {
    const known = signals({ a: [0, 1000, 2000], b: [1000, 2000] });
    expect(timesOf(extendSignals(known, signals({ a: [2000, 3000] }), 0))).toEqual({
      a: [0, 1000, 2000, 3000],
      b: [1000],
    });
  });

  it("adds a line that is new, and keeps all when nothing is new", () => {
    const known = signals({ a: [0, 1000] });
    expect(timesOf(extendSignals(known, signals({ a: [2000], b: [2000] }), 0))).toEqual({
      a: [0, 1000, 2000],
      b: [2000],
    });
    expect(timesOf(extendSignals(known, signals({}), 0))).toEqual({ a: [0, 1000] });
  });

  it("refuses what does not fit: other steps, or other lines apart from the others", () => {
    expect(extendSignals(signals({ a: [0] }), signals({ a: [5000] }, 5), 0)).toBeNull();
    expect(extendSignals(signals({ a: [0], others: [0] }), signals({ b: [1000], others: [1000] }), 0)).toBeNull();
    expect(extendSignals(signals({ a: [0], others: [0] }), signals({ a: [1000] }), 0)).toBeNull();
    expect(extendSignals(signals({ a: [0] }), signals({ a: [1000], others: [1000] }), 0)).toBeNull();
  });
});

describe("signalFrame", () => {
  it("tells no calls from nothing on record", () => {
    const frame = signalFrame(signals({ b: [0, 1000, 3000], a: [0, 3000], others: [0] }), { fromMs: 0, toMs: 4000 });
    expect(frame.times).toEqual([0, 1000, 2000, 3000]);
    expect(frame.lines.map(({ name }) => name)).toEqual(["a", "b", "others"]);
    expect(frame.lines[0]?.points.map((one) => one?.requestsPerSecond ?? null)).toEqual([1, 0, null, 1]);
    expect(frame.lines[0]?.points[1]?.p95Ms).toBeNull();
  });

  it("keeps to the span, with the point that begins before it and ends within it", () => {
    const frame = signalFrame(signals({ a: [0, 10_000, 20_000, 30_000] }, 10), { fromMs: 15_000, toMs: 30_000 });
    expect(frame.times).toEqual([10_000, 20_000]);
    expect(nearestTime(frame, 16_000)).toBe(1);
    expect(nearestTime(frame, 99_000)).toBe(1);
    expect(nearestTime(signalFrame(signals({}), { fromMs: 0, toMs: 1 }), 0)).toBeNull();
  });
});

describe("spans", () => {
  it("stand in the address, and nonsense does not", () => {
    expect(readSpan(writeSpan({ fromMs: 1000, toMs: 61_000 }))).toEqual({ fromMs: 1000, toMs: 61_000 });
    expect([readSpan(null), readSpan("5-1"), readSpan("a-b"), readSpan("1000-1001")]).toEqual([null, null, null, null]);
  });

  it("move and grow, never beyond now", () => {
    const span = { fromMs: 100_000, toMs: 200_000 };
    expect(shifted(span, -1, 1e6)).toEqual({ fromMs: 0, toMs: 100_000 });
    expect(shifted(span, 1, 250_000)).toEqual({ fromMs: 150_000, toMs: 250_000 });
    expect(scaled(span, 0.5, 1e6)).toEqual({ fromMs: 125_000, toMs: 175_000 });
    expect(scaled(span, 2, 210_000)).toEqual({ fromMs: 10_000, toMs: 210_000 });
  });

  it("have few round ticks", () => {
    const ticks = timeTicks({ fromMs: 61_000, toMs: 661_000 }, 8);
    expect(ticks).toEqual([120_000, 240_000, 360_000, 480_000, 600_000]);
  });
});

describe("signalsCsv", () => {
  it("has a row for what is on record, and lets no name be a formula or break the row", () => {
    const frame = signalFrame(signals({ "=cmd()": [0], 'a,"b"': [1000] }), { fromMs: 0, toMs: 2000 });
    const rows = signalsCsv(frame).split("\r\n");
    expect(rows[0]).toBe("time,line,requests_per_second,error_percent,p50_ms,p95_ms,p99_ms,in_flight,bytes_per_second");
    expect(rows[1]).toBe("1970-01-01T00:00:00.000Z,'=cmd(),1,0,1,2,3,1,10");
    expect(rows[2]).toBe('1970-01-01T00:00:00.000Z,"a,""b""",0,,,,,0,0');
    expect(rows).toHaveLength(6);
  });
});

describe("markers", () => {
  const marker = (id: string, atMs: number, tone: Marker["tone"] = "neutral"): Marker => ({
    id,
    atMs,
    tone,
    kind: "breaker",
    title: id,
    actor: "",
    auditSequence: null,
    concerns: ["payments", "routes/checkout"],
  });

  it("are one where they would lie on each other, and look like the worst of them", () => {
    const clusters = clusterMarkers(
      [marker("c", 90_000), marker("a", 100), marker("b", 900, "bad"), marker("x", 200_000)],
      {
        fromMs: 0,
        toMs: 100_000,
      },
      0.015,
    );
    expect(clusters.map(({ markers }) => markers.map(({ id }) => id))).toEqual([["a", "b"], ["c"]]);
    expect(clusters.map((cluster) => worstOf(cluster)?.id)).toEqual(["b", "c"]);
  });

  it("concern a service by its name or by a policy of it, and not by a part of a name", () => {
    expect(concernsAny(marker("a", 0), new Set(["payments"]))).toBe(true);
    expect(concernsAny(marker("a", 0), new Set(["routes/checkout"]))).toBe(true);
    expect(concernsAny(marker("a", 0), new Set(["pay"]))).toBe(false);
  });
});

describe("lines and units", () => {
  it("has few round figures on an axis, beyond what is drawn", () => {
    expect(valueTicks(5.6, 1)).toEqual([0, 2, 4, 6]);
    expect(valueTicks(87, 5)).toEqual([0, 50, 100]);
    expect(valueTicks(0, 5)).toEqual([0, 2, 4, 6]);
    expect(valueTicks(0.3, 0.1)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(valueTicks(1200, 1)).toEqual([0, 500, 1000, 1500]);
  });

  it("gives a dozen lines styles of their own, and the others a quiet one", () => {
    const styles = Array.from({ length: 12 }, (_, at) => JSON.stringify(lineStyle(`line ${at.toString()}`, at)));
    expect(new Set([...styles, JSON.stringify(lineStyle("others", 12))]).size).toBe(13);
  });

  it("shows bytes in the unit one thinks in", () => {
    expect(
      [0, 640, 12_400, 999_900, 2_500_000].map(formatByteRate).map((text) => text.replaceAll("\u00a0", " ")),
    ).toEqual(["0 B/s", "640 B/s", "12.4 kB/s", "1 MB/s", "2.5 MB/s"]);
  });
});
