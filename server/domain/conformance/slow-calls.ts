import type { ScenarioGroup } from "./scenario.ts";
import { admit, admitAll, calls, cause, edit, end, endAll, failed, ok, refuse, state, wait, window } from "./steps.ts";

/** As resilience4j's own tests have it: 5 calls, 50 % slow, slow above 4 s. */
const SLOW = {
  requestVolumeThreshold: 5,
  slowCallMs: 4000,
  slowCallRatePercent: 50,
  timeoutMs: 60_000,
  rollingWindowMs: 20_000,
};

/** A service that answers, but too late. */
export const SLOW_CALLS: ScenarioGroup = {
  name: "Slow calls",
  scenarios: [
    {
      id: "opens-on-slow-calls",
      title: "3 slow calls of 5 open it, although all were good",
      source: "resilience4j CircuitBreakerStateMachineTest.shouldOpenAfterSlowCallRateThresholdExceeded",
      settings: SLOW,
      steps: [ok(2), calls(3, "ok", 4500), state("open"), refuse("short-circuited")],
    },
    {
      id: "below-the-slow-rate",
      title: "2 slow calls of 5 do not",
      source: "resilience4j CircuitBreakerStateMachineTest.shouldOpenAfterSlowCallRateThresholdExceeded",
      settings: SLOW,
      steps: [ok(3), calls(2, "ok", 4500), state("closed"), window(5, 0, { slow: 2 })],
    },
    {
      id: "slow-at-exactly-its-limit",
      title: "A call that took exactly slowCallMs is slow; a millisecond less is not",
      source: "resilience4j SlidingTimeWindowMetricsTest (slow calls)",
      settings: { ...SLOW, requestVolumeThreshold: 1000 },
      steps: [calls(1, "ok", 4000), calls(1, "ok", 3999), window(2, 0, { slow: 1 })],
    },
    {
      id: "slow-failures-are-both",
      title: "A call that fails slowly is an error and a slow call",
      source: "resilience4j SlidingTimeWindowMetricsTest (slow failed calls)",
      settings: { ...SLOW, requestVolumeThreshold: 1000 },
      steps: [calls(2, "failed", 5000), calls(1, "ok", 5000), window(3, 2, { slow: 3 })],
    },
    {
      id: "only-slow-at-100-percent",
      title: "At a rate of 100 % one quick call among many slow ones keeps it closed",
      source: "Sentinel ResponseTimeCircuitBreakerTest.testMaxSlowRatioThreshold",
      settings: { ...SLOW, slowCallRatePercent: 100 },
      steps: [ok(1), calls(20, "ok", 4500), state("closed")],
    },
    {
      id: "all-slow-at-100-percent",
      title: "At a rate of 100 % it opens when all are slow",
      source: "Sentinel ResponseTimeCircuitBreakerTest.testMaxSlowRatioThreshold",
      settings: { ...SLOW, slowCallRatePercent: 100 },
      steps: [calls(5, "ok", 4500), state("open")],
    },
    {
      id: "nothing-is-slow-by-default",
      title: "Without slowCallMs no call is slow",
      source: "our rule: slow-call threshold and slow-call rate (off)",
      settings: { requestVolumeThreshold: 5, timeoutMs: 60_000 },
      steps: [calls(50, "ok", 30_000), state("closed")],
    },
    {
      id: "opens-before-they-end",
      title: "Calls that have waited for longer than is slow count before they end",
      source: "resilience4j issue 1597",
      settings: SLOW,
      steps: [
        ...admitAll("stuck", 5),
        wait(3000),
        state("closed"),
        wait(2000),
        refuse("short-circuited"),
        state("open"),
      ],
    },
    {
      id: "waiting-calls-are-told",
      title: "Those that wait for too long are counted apart: they are in no total yet",
      source: "our rule: in-flight calls older than the slow threshold count as provisional",
      settings: { ...SLOW, requestVolumeThreshold: 1000 },
      steps: [
        ...admitAll("stuck", 3),
        ok(2),
        window(2, 0, { waiting: 0 }),
        wait(5000),
        window(2, 0, { waiting: 3 }),
        ...endAll("stuck", 2, "ok"),
        window(4, 0, { slow: 2, waiting: 1 }),
      ],
    },
    {
      id: "few-waiting-calls",
      title: "Waiting calls below the volume threshold open nothing",
      source: "resilience4j issue 1597, with the minimum number of calls",
      settings: SLOW,
      steps: [...admitAll("stuck", 4), wait(30_000), state("closed"), admit("one more")],
    },
    {
      id: "a-slow-trial-fails",
      title: "A trial that is good but slow has failed",
      source:
        "resilience4j CircuitBreakerStateMachineTest.shouldTransitionBackToOpenStateWhenSlowCallRateIsAboveThreshold",
      settings: SLOW,
      steps: [failed(5), state("open"), wait(5000), admit("trial"), wait(4500), end("trial", "ok"), state("open")],
    },
    {
      id: "a-quick-trial-passes",
      title: "A quick trial closes it, and slow calls from before are forgotten",
      source:
        "resilience4j CircuitBreakerStateMachineTest.shouldTransitionBackToClosedStateWhenFailureIsBelowThreshold",
      settings: SLOW,
      steps: [calls(5, "ok", 4500), state("open"), wait(5000), ok(1), state("closed"), window(0, 0, { slow: 0 })],
    },
    {
      id: "stuck-calls-from-before",
      title: "Calls still stuck from before it opened are not held against it once it has closed",
      source: "our rule: no stale result decides",
      settings: SLOW,
      steps: [
        ...admitAll("stuck", 5),
        wait(5000),
        refuse("short-circuited"),
        wait(5000),
        ok(1),
        state("closed"),
        window(0, 0, { waiting: 0 }),
        ok(5),
        state("closed"),
      ],
    },
    {
      id: "stuck-right-after-closing",
      title: "Calls that begin in the very moment it closed, and get stuck, count",
      source: "resilience4j issue 1597",
      settings: SLOW,
      steps: [
        failed(5),
        wait(5000),
        ok(1),
        state("closed"),
        ...admitAll("stuck", 5),
        wait(5000),
        refuse("short-circuited"),
      ],
    },
    {
      id: "who-went-away-was-not-slow",
      title: "A caller that went away after a long wait leaves no slow call behind",
      source: "our rule: client aborts are not failures",
      settings: { ...SLOW, requestVolumeThreshold: 1000 },
      steps: [calls(10, "abandoned", 5000), window(0, 0, { slow: 0, waiting: 0 })],
    },
    {
      id: "says-it-was-slow",
      title: "The cause tells those that answered late from those still waiting",
      source: "our rule: the cause of each transition is shown",
      settings: SLOW,
      steps: [
        ...admitAll("stuck", 4),
        wait(4500),
        end("stuck1", "ok"),
        ok(1),
        state("open"),
        cause("80 % of 5 calls slow (over 4000 ms): 1 answered late, 3 still waiting"),
      ],
    },
    {
      id: "slow-limit-edited",
      title: "Another limit judges calls that end from now on; what was counted stays",
      source: "our rule: policy edits keep state and window",
      settings: { ...SLOW, requestVolumeThreshold: 1000 },
      steps: [calls(2, "ok", 4500), edit({ slowCallMs: 1000 }), calls(2, "ok", 1500), window(4, 0, { slow: 4 })],
    },
  ],
};
