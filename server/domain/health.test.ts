import { describe, expect, it } from "vitest";
import { judge, type HealthFacts } from "./health.ts";
import { DEFAULT_THRESHOLDS, type BindingThresholds } from "./health-policy.ts";

const facts = (change: Partial<HealthFacts> = {}): HealthFacts => ({
  total: 100,
  errorRatio: 0,
  counts: null,
  p95Ms: 20,
  timeoutMs: 1000,
  breaker: null,
  instances: null,
  ...change,
});
const bound = (change: Partial<BindingThresholds> = {}): BindingThresholds => ({
  ...DEFAULT_THRESHOLDS,
  by: "",
  ...change,
});
const verdict = (change: Partial<HealthFacts>, thresholds: Partial<BindingThresholds> = {}): string => {
  const { health, reason } = judge(facts(change), bound(thresholds));
  return `${health}: ${reason}`;
};

describe("a verdict on health", () => {
  it("goes by errors, and says which limit and whose", () => {
    const counts = { success: 88, timeout: 12 };
    expect(verdict({ errorRatio: 0.12, counts })).toBe("degraded: 12 % of 100 calls failed (limit 2 %): 12 timeout.");
    expect(verdict({ errorRatio: 0.12, counts }, { errorPercentFailing: 10, by: "pay*" })).toBe(
      "failing: 12 % of 100 calls failed (limit 10 %, pay*): 12 timeout.",
    );
    expect(verdict({ errorRatio: 0.12, counts: null })).toBe("degraded: 12 % of 100 calls failed (limit 2 %).");
    expect(verdict({ errorRatio: 0.012, counts: null })).toBe("healthy: 1.2 % of 100 calls failed.");
    expect(verdict({ errorRatio: 1 }, { errorPercentDegraded: 0, errorPercentFailing: 0 })).toMatch(/^healthy/);
  });

  it("goes by latency where that is asked for, and by the timeout unless it is not", () => {
    const limits = { p95MsDegraded: 500, p95MsFailing: 900, by: "pay*" };
    expect(verdict({ p95Ms: 820 }, { ...limits, timeoutPercentDegraded: 0 })).toBe(
      "degraded: p95 820 ms is over 500 ms (pay*).",
    );
    expect(verdict({ p95Ms: 901 }, limits)).toBe("failing: p95 901 ms is over 900 ms (pay*).");
    expect(verdict({ p95Ms: 500 }, limits)).toMatch(/^healthy/);
    expect(verdict({ p95Ms: 820 })).toBe("degraded: p95 820 ms is over 80 % of its timeout of 1000 ms.");
    expect(verdict({ p95Ms: 820, timeoutMs: 3000 })).toMatch(/^healthy/);
    expect(verdict({ p95Ms: 820, timeoutMs: null })).toMatch(/^healthy/);
    expect(verdict({ p95Ms: null })).toMatch(/^healthy/);
  });

  it("judges no figures of a few calls, and does not call them healthy either when some failed", () => {
    expect(verdict({ total: 4, errorRatio: 0.5, counts: { success: 2, failure: 2 } })).toBe(
      "idle: 50 % of 4 calls failed, fewer than 5 are not judged: 2 failure.",
    );
    expect(verdict({ total: 4, p95Ms: 5000 })).toBe("healthy: All calls succeed.");
    expect(verdict({ total: 4, errorRatio: 0.5 }, { minRequests: 4 })).toMatch(/^failing/);
    expect(verdict({ total: 0 })).toBe("idle: No calls in the last seconds.");
  });

  it("puts the breaker before figures, whatever the thresholds and however few the calls", () => {
    const open = { state: "open", override: null } as const;
    expect(verdict({ total: 0, breaker: open })).toBe("failing: Its breaker is open.");
    expect(verdict({ breaker: { state: "closed", override: "forced-open" } })).toBe(
      "failing: Its breaker is forced open.",
    );
    expect(verdict({ breaker: { state: "half-open", override: null } })).toMatch(/^degraded: Its breaker is half-open/);
    expect(verdict({ breaker: { ...open, override: "forced-closed" } })).toMatch(/^healthy/);
  });

  it("says that nothing serves: as a failure where calls come, a warning where they would, and a fact elsewhere", () => {
    const none = { registered: 0, serving: 0, wanted: true };
    expect(verdict({ instances: none })).toBe("failing: No instance is registered.");
    expect(verdict({ total: 0, instances: none })).toBe(
      "degraded: No instance is registered: a call to it would fail.",
    );
    expect(verdict({ total: 0, instances: { ...none, registered: 3, wanted: false } })).toBe(
      "idle: None of its 3 instances is serving.",
    );
    expect(verdict({ instances: { ...none, serving: 1, registered: 1 } })).toMatch(/^healthy/);
  });
});
