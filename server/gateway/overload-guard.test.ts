import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { OverloadGuard, openStrainGauge } from "./overload-guard.ts";
import { smoothedDelayMs, strainReasons, type Strain } from "./overload.ts";

const EASY: Strain = { loopDelayMs: 0, heapShare: 0.2, memoryShare: 0.2 };
const LIMITS: Strain = { loopDelayMs: 500, heapShare: 0.95, memoryShare: 0.95 };

describe("reasons to refuse new work", () => {
  it("are the limits that are reached", () => {
    expect(strainReasons(EASY, LIMITS, [])).toEqual([]);
    expect(strainReasons({ ...EASY, loopDelayMs: 500 }, LIMITS, [])).toEqual(["event-loop"]);
    expect(strainReasons({ ...EASY, heapShare: 0.95, memoryShare: 0.99 }, LIMITS, [])).toEqual(["heap", "memory"]);
  });

  it("stand until the strain is well below the limit, and only those that stood", () => {
    const lighter = { loopDelayMs: 251, heapShare: 0.9, memoryShare: 0.9 };
    expect(strainReasons(lighter, LIMITS, [])).toEqual([]);
    expect(strainReasons(lighter, LIMITS, ["heap"])).toEqual(["heap"]);
    expect(strainReasons(lighter, LIMITS, ["event-loop", "memory"])).toEqual(["event-loop", "memory"]);
    expect(
      strainReasons({ loopDelayMs: 249, heapShare: 0.85, memoryShare: 0.85 }, LIMITS, ["event-loop", "heap"]),
    ).toEqual([]);
  });

  it("do not come of one pause of the loop, however long, but of several", () => {
    const once = smoothedDelayMs(0, 60_000, 500);
    expect(once).toBeLessThan(500);
    expect(smoothedDelayMs(once, 60_000, 500)).toBeGreaterThanOrEqual(500);
    expect(smoothedDelayMs(smoothedDelayMs(once, 0, 500), 0, 500)).toBeLessThan(250);
  });
});

describe("an overload guard", () => {
  let strain: Strain = EASY;
  let inFlight = 0;
  let guard: OverloadGuard;
  const open = (): OverloadGuard => {
    strain = EASY;
    inFlight = 0;
    guard = new OverloadGuard({
      maxConnections: 2,
      maxRequests: 3,
      requests: () => inFlight,
      gauge: { measure: () => strain, stop: () => undefined },
      log: pino({ level: "silent" }),
    });
    return guard;
  };
  afterEach(() => guard.stop());

  it("has as many places for connections, of all listeners together, as it was given", () => {
    open();
    const [edge, egress] = [{ size: 1 }, { size: 0 }];
    guard.count(() => edge.size);
    const gone = guard.count(() => egress.size);
    expect(guard.hasRoom()).toBe(true);
    egress.size = 1;
    expect(guard.hasRoom()).toBe(false);
    expect(guard.connections).toBe(2);
    gone();
    expect(guard.hasRoom()).toBe(true);
    expect(guard.refused.get("connections")).toBe(1);
  });

  it("refuses requests above the number in flight it was given, from one to the next", () => {
    open();
    inFlight = 2;
    expect(guard.refuse()).toBeNull();
    inFlight = 3;
    expect(guard.refuse()).toBe("requests");
    inFlight = 2;
    expect(guard.refuse()).toBeNull();
    expect(Object.fromEntries(guard.refused)).toEqual({ requests: 1 });
  });

  it("refuses all requests while the process is under strain, and counts why", () => {
    open();
    strain = { ...EASY, heapShare: 0.96 };
    expect(guard.refuse()).toBeNull();
    guard.sample();
    expect(guard.refuse()).toBe("heap");
    strain = { ...EASY, heapShare: 0.9 };
    guard.sample();
    expect(guard.refuse()).toBe("heap");
    strain = EASY;
    guard.sample();
    expect(guard.refuse()).toBeNull();
    expect(guard.refused.get("heap")).toBe(2);
  });
});

describe("a strain gauge", () => {
  it("measures a real process as not overloaded", async () => {
    const gauge = openStrainGauge(1);
    await new Promise((resolve) => setImmediate(resolve));
    const measured = gauge.measure();
    gauge.stop();
    expect(measured.heapShare).toBeGreaterThan(0);
    expect(measured.heapShare).toBeLessThan(0.95);
    expect(measured.memoryShare).toBeGreaterThanOrEqual(0);
    expect(measured.loopDelayMs).toBeGreaterThanOrEqual(0);
  });
});
