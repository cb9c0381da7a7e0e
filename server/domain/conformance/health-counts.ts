import type { ScenarioGroup } from "./scenario.ts";
import { admit, admitAll, calls, edit, endAll, failed, ok, refuse, wait, window } from "./steps.ts";

/** So that counting is all it does. */
const NEVER_OPEN = { requestVolumeThreshold: 1_000_000 };
/** Hystrix: 10 × 100 ms; ours has 20 buckets. */
const SHORT = { ...NEVER_OPEN, rollingWindowMs: 1000 };

/** What counts for the decision, and as what. */
export const HEALTH_COUNTS: ScenarioGroup = {
  name: "Health counts",
  scenarios: [
    {
      id: "counts-nothing-at-first",
      title: "A breaker nobody called counts 0 of 0",
      source: "Hystrix HealthCountsStreamTest.testEmptyStreamProducesZeros",
      settings: SHORT,
      steps: [window(0, 0)],
    },
    {
      id: "counts-a-success",
      title: "A good call is 0 errors of 1",
      source: "Hystrix HealthCountsStreamTest.testSingleSuccess",
      settings: SHORT,
      steps: [ok(1), window(1, 0)],
    },
    {
      id: "counts-a-failure",
      title: "A failure is 1 error of 1",
      source: "Hystrix HealthCountsStreamTest.testSingleFailure",
      settings: SHORT,
      steps: [failed(1), window(1, 1)],
    },
    {
      id: "counts-a-timeout",
      title: "A timeout is 1 error of 1",
      source: "Hystrix HealthCountsStreamTest.testSingleTimeout",
      settings: SHORT,
      steps: [calls(1, "timed-out"), window(1, 1, { byKind: { timeout: 1, failure: 0 } })],
    },
    {
      id: "counts-an-unreachable-service",
      title: "A connection that cannot be made is 1 error of 1",
      source: "our rule: failures are connect errors, timeouts, resets and 5xx",
      settings: SHORT,
      steps: [calls(1, "unreachable"), window(1, 1)],
    },
    {
      id: "a-client-error-is-an-answer",
      title: "A 404 is a good call: 0 errors of 1 (Hystrix leaves BadRequest out altogether: 0 of 0)",
      source: "Hystrix HealthCountsStreamTest.testSingleBadRequest",
      hystrix: { "1.5.18": "0 of 0", master: "0 of 0" },
      settings: SHORT,
      steps: [calls(1, 404), window(1, 0)],
    },
    {
      id: "client-errors-among-others",
      title: "4 × 404, 3 good calls and 2 failures are 2 errors of 9 (Hystrix: 2 of 5)",
      source: "measured on Hystrix 1.5.18 and master",
      hystrix: { "1.5.18": "2 of 5", master: "2 of 5" },
      settings: SHORT,
      steps: [calls(4, 404), ok(3), failed(2), window(9, 2)],
    },
    {
      id: "statuses-by-policy",
      title: "Which answers are failures is the policy's to say: here 429 and 503, but not 500",
      source:
        "opossum error-filter-test; Hystrix testExceptionConvertedToBadRequestExceptionInExecutionHookBypassesCircuitBreaker",
      settings: { ...SHORT, failureStatuses: ["429", "503"] },
      steps: [calls(2, 429), calls(3, 500), calls(1, 503), window(6, 3)],
    },
    {
      id: "who-went-away-is-not-counted",
      title: "Callers that went away are not counted: 0 of 0",
      source: "Hystrix HystrixCommandTest.testEarlyUnsubscribeDuringExecutionViaToObservable ([CANCELLED])",
      settings: SHORT,
      steps: [calls(5, "abandoned"), window(0, 0)],
    },
    {
      id: "short-circuits-are-not-counted",
      title: "3 failures open it; the 2 calls refused after that are not counted: 3 of 3",
      source: "Hystrix HealthCountsStreamTest.testShortCircuited",
      settings: { requestVolumeThreshold: 3, rollingWindowMs: 1000 },
      steps: [failed(3), refuse("short-circuited", 2), window(3, 3)],
    },
    {
      id: "rejections-are-counted",
      title: "10 calls at once and 2 that were rejected are 2 errors of 12",
      source: "Hystrix HealthCountsStreamTest.testSemaphoreRejected",
      settings: { ...SHORT, maxConcurrent: 10 },
      steps: [...admitAll("a", 10), refuse("rejected", 2), ...endAll("a", 10, "ok"), window(12, 2)],
    },
    {
      id: "rejections-need-not-be-counted",
      title: "With countRejections off they are 0 errors of 10",
      source: "our rule: bulkhead rejection (flag, on)",
      settings: { ...SHORT, maxConcurrent: 10, countRejections: false },
      steps: [...admitAll("a", 10), refuse("rejected", 2), ...endAll("a", 10, "ok"), window(10, 0)],
    },
    {
      id: "counts-when-switched-off",
      title: "Switched off by policy it counts all the same",
      source: "measured on Hystrix 1.5.18 and master",
      hystrix: { "1.5.18": "health still counted", master: "health still counted" },
      settings: { enabled: false },
      steps: [ok(10), failed(40), window(50, 40)],
    },
    {
      id: "in-flight-is-not-counted",
      title: "A call counts when it ends, not when it begins",
      source: "Hystrix HystrixCommandMetricsTest.testCurrentConcurrentExecutionCount",
      settings: NEVER_OPEN,
      steps: [...admitAll("a", 3), window(0, 0), ...endAll("a", 2, "ok"), window(2, 0)],
    },
    {
      id: "error-percentage-step-by-step",
      title: "The share of failures after each call: 0, 50, 25, 50 and 30 %",
      source: "Hystrix HystrixCommandMetricsTest.testGetErrorPercentage",
      settings: NEVER_OPEN,
      steps: [
        ok(1),
        window(1, 0),
        failed(1),
        window(2, 1),
        ok(2),
        window(4, 1),
        calls(2, "timed-out"),
        window(6, 3),
        ok(4),
        window(10, 3),
      ],
    },
    {
      id: "newest-calls-are-seen",
      title: "What has just ended is seen at once, not when its bucket closes",
      source: "Hystrix HealthCountsStream (closed buckets only: up to 500 ms late)",
      hystrix: { "1.5.18": "seen up to 500 ms later", master: "seen up to 500 ms later" },
      settings: NEVER_OPEN,
      steps: [failed(3), window(3, 3), wait(10), failed(2), window(5, 5)],
    },
    {
      id: "counts-age-out",
      title: "After a whole window without calls it counts 0 of 0",
      source: "Hystrix HealthCountsStreamTest.testMultipleEventsOverTimeGetStoredAndAgeOut",
      settings: SHORT,
      steps: [ok(1), wait(200), failed(2), wait(200), calls(1, "timed-out"), window(4, 3), wait(1100), window(0, 0)],
    },
    {
      id: "two-readers",
      title: "Two who read see the same, and neither takes anything from the other",
      source: "Hystrix HealthCountsStreamTest.testSharedSourceStream, testTwoSubscribersOneUnsubscribes",
      settings: NEVER_OPEN,
      steps: [ok(3), failed(2), window(5, 2), window(5, 2), ok(1), window(6, 2)],
    },
    {
      id: "recount-of-rejections",
      title: "Switching countRejections recounts what is in the window",
      source: "our rule: policy edits keep state and window",
      settings: { ...NEVER_OPEN, maxConcurrent: 1, countRejections: false },
      steps: [admit("a"), refuse("rejected", 4), window(0, 0), edit({ countRejections: true }), window(4, 4)],
    },
  ],
};
