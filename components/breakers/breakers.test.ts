import { testBreaker } from "#domain/test-picture.ts";
import { testReading } from "#domain/test-reading.ts";
import { describe, expect, it } from "vitest";
import type { FleetBreaker } from "#domain/live.ts";
import type { BreakerReading } from "#domain/traffic.ts";
import { automaticInWords, fleetWindow, isDisputed, stateInWords, statesByPlace, worstState } from "./breaker-state.ts";
import { discRadius, fullDisc } from "./breaker-disc.tsx";

const READING = testReading({});
const FORCED_OPEN = {
  id: "x",
  mode: "forced-open",
  actor: "Ada",
  reason: "test",
  createdAtMs: 0,
  expiresAtMs: null,
} as const;

function fleet(readings: readonly Partial<BreakerReading>[], more: Partial<FleetBreaker> = {}): FleetBreaker {
  return testBreaker({
    gateways: readings.map((reading, at) => ({
      gatewayId: `gateway-${(at + 1).toString()}`,
      reading: { ...READING, ...reading },
    })),
    ...more,
  });
}

describe("state of a breaker over the fleet", () => {
  it("is the worst at any gateway, and says at how many", () => {
    const breaker = fleet([{ state: "closed" }, { state: "open" }]);
    expect(worstState(breaker)).toBe("open");
    expect(stateInWords(breaker)).toBe("Open on 1 of 2 gateways");
    expect(stateInWords(fleet([{ state: "open" }, { state: "open" }]))).toBe("Open");
  });

  it("keeps the automatic state in words when a person has forced another", () => {
    const breaker = fleet([{ state: "closed", override: FORCED_OPEN }]);
    expect(stateInWords(breaker)).toBe("Forced open");
    expect(automaticInWords(breaker)).toBe("Closed");
  });

  it("says where gateways disagree, and counts workers as such", () => {
    const called = { ...READING.window, total: 40 };
    const empty = { ...READING.window, total: 0 };
    const breaker = fleet([{ window: called }, { state: "open", window: empty }, { window: empty }]);
    expect(isDisputed(breaker)).toBe(true);
    expect(statesByPlace(breaker)).toBe("open on gateway-2; closed on gateway-1, gateway-3 (no calls)");
    expect(isDisputed(fleet([{ state: "open" }, { state: "open" }]))).toBe(false);
    expect(isDisputed(fleet([{ override: FORCED_OPEN }, { state: "open" }]))).toBe(true);
    expect(stateInWords(fleet([{ state: "open", worker: 1 }, { worker: 2 }]))).toBe("Open on 1 of 2 workers");
  });

  it("does not call closed healthy where nothing is called", () => {
    expect(stateInWords(fleet([{}]))).toBe("Closed, idle");
    expect(stateInWords(fleet([{}], { offeredPerSecond: 3 }))).toBe("Closed");
  });

  it("does not call a breaker closed that no gateway reports", () => {
    expect(worstState(fleet([]))).toBeNull();
    expect(stateInWords(fleet([]))).toBe("Not reported");
  });

  it("takes the error share of all calls, not the mean of shares", () => {
    const window = (total: number, errors: number): Partial<BreakerReading> => ({
      window: { ms: 10_000, total, errors, errorPercent: 0, slow: 0, waiting: 0 },
    });
    expect(fleetWindow(fleet([window(90, 0), window(10, 10)])).percent).toBe(10);
  });
});

describe("discRadius", () => {
  it("makes area, not width, grow with the rate", () => {
    expect(discRadius(25, 100)).toBe(discRadius(100, 100) / 2);
  });

  it("is on a scale that seldom changes, and that the busiest fits", () => {
    expect([0, 0.4, 1.5, 3, 9, 20, 21, 480, 900].map(fullDisc)).toEqual([1, 1, 2, 5, 10, 20, 50, 500, 1000]);
  });
});
