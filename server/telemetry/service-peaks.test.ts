import { beforeEach, describe, expect, it } from "vitest";
import { bucketOf } from "#domain/histogram.ts";
import type { EdgeWindow } from "#domain/traffic.ts";
import { ReceivedWindow } from "./received-window.ts";
import { ServicePeaks } from "./service-peaks.ts";
import { testWindow } from "./test-window.ts";

const START_MS = Date.UTC(2026, 10, 25);
const MINUTE_MS = 60_000;
let nowMs: number;
let peaks: ServicePeaks;

beforeEach(() => {
  nowMs = START_MS;
  peaks = new ServicePeaks({ nowMs: () => nowMs, monotonicMs: () => nowMs });
});

/** `gatewayEndMs`: when the window ended by the gateway's own clock. */
function served(success: number, change: Partial<EdgeWindow> = {}, endMs = nowMs, gatewayEndMs = endMs): void {
  const edge: EdgeWindow = {
    caller: "outside",
    routeId: "shop",
    service: "spare",
    subset: "",
    instance: "spare-1",
    asFallback: false,
    counts: { success, failure: 7 },
    latency: [[bucketOf(100), success]],
    bytesOut: 0,
    inFlight: 0,
    ...change,
  };
  peaks.take(ReceivedWindow.of(testWindow("gw", 1, gatewayEndMs, [], { edges: [edge] })), endMs);
}

/** Seconds of traffic, from several gateways at once. */
function seconds(count: number, ...perGateway: number[]): void {
  for (let index = 0; index < count; index += 1) {
    nowMs += 1000;
    for (const success of perGateway) served(success);
  }
}

const peak = (): number | undefined => peaks.recordOf("spare")?.peakPerSecond;

describe("a service's peak", () => {
  it("is the most it answered well over ten seconds, over all gateways, callers and reasons", () => {
    seconds(20, 3, 4);
    expect(peak()).toBe(7);
    seconds(60, 1);
    expect(peak()).toBe(7);
    seconds(20, 30);
    expect(peak()).toBe(30);
  });

  it("counts by the console's clock, whatever a gateway's own says", () => {
    for (let index = 0; index < 20; index += 1) {
      nowMs += 1000;
      for (const offMs of [0, 4000, -5 * MINUTE_MS, 5 * MINUTE_MS]) served(2, {}, nowMs, nowMs + offMs);
    }
    expect(peak()).toBe(8);
  });

  it("is not what was refused before anybody was asked", () => {
    nowMs += 20_000;
    served(9, { instance: "" });
    expect(peak()).toBe(0);
  });

  it("is forgotten after an hour, and its latency with it", () => {
    seconds(10, 50);
    nowMs = START_MS + 54 * MINUTE_MS;
    served(1);
    expect(peak()).toBeGreaterThanOrEqual(45);
    nowMs = START_MS + 66 * MINUTE_MS;
    expect([peak(), peaks.meanMs("spare") === null]).toEqual([0.1, false]);
    nowMs = START_MS + 121 * MINUTE_MS;
    expect([peak(), peaks.meanMs("spare")]).toEqual([0, null]);
  });

  it("is not known before somebody has watched for a moment, and says for how long they have", () => {
    served(5);
    expect(peaks.recordOf("spare")).toBeNull();
    nowMs += 90_000;
    expect(peaks.recordOf("spare")?.watchedMs).toBe(90_000);
    nowMs += 120 * MINUTE_MS;
    expect(peaks.recordOf("spare")?.watchedMs).toBe(60 * MINUTE_MS);
  });

  it("counts late windows when they were, and those of clocks that are wrong not at all", () => {
    nowMs += 10 * MINUTE_MS;
    for (let second = 0; second < 60; second += 1) served(10, {}, nowMs - second * 1000);
    expect(peak()).toBe(10);
    served(10_000, {}, nowMs + 61_000);
    served(10_000, {}, nowMs - 5 * MINUTE_MS);
    expect(peak()).toBe(10);
  });

  it("comes with the mean time of its answers", () => {
    seconds(10, 5);
    expect(peaks.meanMs("spare")).toBeGreaterThan(90);
    expect(peaks.meanMs("spare")).toBeLessThan(110);
    expect(peaks.meanMs("other")).toBeNull();
  });

  it("is kept of so many services only; those that were idle for an hour make way", () => {
    for (let index = 0; index < 2001; index += 1) served(20, { service: `s${index}` });
    nowMs += 20_000;
    expect(peaks.recordOf("s1999")?.peakPerSecond).toBe(2);
    expect(peaks.recordOf("s2000")).toBeNull();
    nowMs += 66 * MINUTE_MS;
    served(20, { service: "s2000" });
    expect(peaks.recordOf("s2000")?.peakPerSecond).toBe(2);
  });
});
