import { describe, expect, it } from "vitest";
import { breakerRemarks, type BreakerFacts } from "./breaker-lint.ts";
import { BreakerSettings } from "./breaker-policy.ts";

const NOTHING_KNOWN: BreakerFacts = { routes: [], load: [] };

function remarks(settings: Partial<BreakerSettings>, facts: Partial<BreakerFacts> = {}) {
  return breakerRemarks(BreakerSettings.parse(settings), { ...NOTHING_KNOWN, ...facts });
}
const fieldsOf = (...given: Parameters<typeof remarks>) => remarks(...given).map(({ field }) => field);

describe("breakerRemarks", () => {
  it("has nothing to say of the defaults, nor of what it is not told", () => {
    expect(remarks({})).toEqual([]);
    expect(remarks({ requestVolumeThreshold: 1000, maxConcurrent: 1, timeoutMs: 600_000 })).toEqual([]);
  });

  it("says when the volume is out of reach at the present rate, of the busiest gateway", () => {
    const load = [
      { perSecond: 1, inFlight: 0 },
      { perSecond: 3, inFlight: 0 },
    ];
    const [found] = remarks({ requestVolumeThreshold: 50 }, { load });
    expect(found?.field).toBe("requestVolumeThreshold");
    expect(found?.message).toContain("At the present 3 requests/s a window of 10 s holds 30 calls");
    expect(fieldsOf({ requestVolumeThreshold: 30 }, { load })).toEqual([]);
  });

  it("does not call a volume out of reach while nothing is calling", () => {
    expect(fieldsOf({}, { load: [{ perSecond: 0, inFlight: 0 }] })).toEqual([]);
  });

  it("says when a single failed call is enough to open", () => {
    expect(fieldsOf({ requestVolumeThreshold: 1, errorThresholdPercent: 100 })).toEqual(["requestVolumeThreshold"]);
    expect(fieldsOf({ requestVolumeThreshold: 2, errorThresholdPercent: 50 })).toEqual(["requestVolumeThreshold"]);
    expect(fieldsOf({ requestVolumeThreshold: 2, errorThresholdPercent: 51 })).toEqual([]);
  });

  it("says of a breaker that is off only that it is off", () => {
    const load = [{ perSecond: 1, inFlight: 0 }];
    expect(fieldsOf({ enabled: false, requestVolumeThreshold: 1000 }, { load })).toEqual(["enabled"]);
  });

  it("warns of callers' mistakes that count as failures, not of 429 and the like", () => {
    expect(fieldsOf({ failureStatuses: ["5xx", "4xx"] })).toEqual(["failureStatuses"]);
    expect(fieldsOf({ failureStatuses: ["5xx", "404"] })).toEqual(["failureStatuses"]);
    expect(fieldsOf({ failureStatuses: ["5xx", "429", "408"] })).toEqual([]);
    expect(fieldsOf({ failureStatuses: [] })).toEqual(["failureStatuses"]);
  });

  it("says when the timeout comes before a call can be slow", () => {
    expect(fieldsOf({ slowCallMs: 1000, timeoutMs: 1000 })).toEqual(["slowCallMs"]);
    expect(fieldsOf({ slowCallMs: 999, timeoutMs: 1000 })).toEqual([]);
  });

  it("says when sleep windows that are to grow cannot", () => {
    const settings = { sleepWindowMs: 90_000, sleepWindowMaxMs: 60_000 };
    expect(fieldsOf({ ...settings, sleepBackoffFactor: 2 })).toEqual(["sleepWindowMaxMs"]);
    expect(fieldsOf({ ...settings, sleepBackoffFactor: 1 })).toEqual([]);
  });

  it("says when a step of the graded return would see no call", () => {
    const readmission = { steps: [1, 50], stepMs: 1000, stepCalls: 5, errorBudgetPercent: 10 };
    const [found] = remarks({ readmission }, { load: [{ perSecond: 10, inFlight: 0 }] });
    expect(found?.field).toBe("readmission");
    expect(found?.message).toContain("one call through in 10 s, and ends after 6 s");
    expect(fieldsOf({ readmission }, { load: [{ perSecond: 20, inFlight: 0 }] })).toEqual([]);
  });

  it("names the routes that give up before the call's own timeout, whole or by try", () => {
    const routes = [
      { id: "checkout", timeoutMs: 15_000, perTryTimeoutMs: 400 },
      { id: "refund", timeoutMs: 900, perTryTimeoutMs: null },
      { id: "report", timeoutMs: 15_000, perTryTimeoutMs: null },
    ];
    const [found] = remarks({ timeoutMs: 1000 }, { routes });
    expect(found?.field).toBe("timeoutMs");
    expect(found?.message).toContain("checkout after 400 ms, refund after 900 ms.");
    expect(fieldsOf({ timeoutMs: 400 }, { routes })).toEqual([]);
  });

  it("says when more calls are in flight than will be let", () => {
    const load = [{ perSecond: 100, inFlight: 12 }];
    expect(fieldsOf({ maxConcurrent: 11 }, { load })).toEqual(["maxConcurrent"]);
    expect(fieldsOf({ maxConcurrent: 12 }, { load })).toEqual([]);
  });
});
