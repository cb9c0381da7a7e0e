import type { ScenarioGroup } from "./scenario.ts";
import { calls, failed, ok, wait, window } from "./steps.ts";

/** 20 buckets of 100 ms. Hystrix's tests have 10 of 20 ms. */
const BUCKET_MS = 100;
const SETTINGS = { requestVolumeThreshold: 1_000_000, rollingWindowMs: 20 * BUCKET_MS };
const nextBucket = wait(BUCKET_MS);

/** What Hystrix's rolling number does, as far as a window of calls has it. */
export const ROLLING_WINDOW: ScenarioGroup = {
  name: "Rolling window",
  scenarios: [
    {
      id: "one-bucket-after-another",
      title: "One call in each of 20 buckets are 20 calls; with the 21st bucket the first is gone",
      source: "Hystrix HystrixRollingNumberTest.testCreatesBuckets",
      settings: SETTINGS,
      steps: [
        ok(1),
        ...Array.from({ length: 19 }, () => [nextBucket, ok(1)]).flat(),
        window(20, 0),
        nextBucket,
        ok(1),
        window(20, 0),
      ],
    },
    {
      id: "a-bucket-leaves-whole",
      title: "What is in the oldest bucket leaves all at once, when the window has moved on by it",
      source: "Hystrix HystrixRollingNumberTest.testRolling",
      settings: SETTINGS,
      steps: [failed(7), wait(19 * BUCKET_MS), failed(1), window(8, 8), nextBucket, window(1, 1)],
    },
    {
      id: "empty-buckets-fill-in",
      title: "Buckets in which nothing happened are passed over, and count as time",
      source: "Hystrix HystrixRollingNumberTest.testEmptyBucketsFillIn",
      settings: SETTINGS,
      steps: [ok(1), wait(3 * BUCKET_MS), ok(1), window(2, 0), wait(17 * BUCKET_MS), window(1, 0)],
    },
    {
      id: "kinds-in-one-bucket",
      title: "4 good calls, 2 failures and a timeout in one bucket are told apart",
      source: "Hystrix HystrixRollingNumberTest.testIncrementInSingleBucket",
      settings: SETTINGS,
      steps: [
        ok(4),
        failed(2),
        calls(1, "timed-out"),
        window(7, 3, { byKind: { success: 4, failure: 2, timeout: 1 } }),
      ],
    },
    {
      id: "timeouts-over-buckets",
      title: "A timeout now and one three buckets later are two",
      source: "Hystrix HystrixRollingNumberTest.testTimeout",
      settings: SETTINGS,
      steps: [
        calls(1, "timed-out"),
        window(1, 1, { byKind: { timeout: 1 } }),
        wait(3 * BUCKET_MS),
        calls(1, "timed-out"),
        window(2, 2, { byKind: { timeout: 2 } }),
      ],
    },
    {
      id: "unreachable-over-buckets",
      title: "A refused connection now and one three buckets later are two",
      source: "Hystrix HystrixRollingNumberTest.testExceptionThrow, for the kinds we count",
      settings: SETTINGS,
      steps: [
        calls(1, "unreachable"),
        wait(3 * BUCKET_MS),
        calls(1, "unreachable"),
        window(2, 2, { byKind: { unreachable: 2 } }),
      ],
    },
    {
      id: "sums-over-buckets",
      title: "Sums go over all buckets; a whole window later only what is new counts",
      source: "Hystrix HystrixRollingNumberTest.testIncrementInMultipleBuckets",
      settings: SETTINGS,
      steps: [
        ok(4),
        failed(2),
        calls(2, "timed-out"),
        wait(3 * BUCKET_MS),
        ok(2),
        failed(3),
        calls(1, "timed-out"),
        window(14, 8, { byKind: { success: 6, failure: 5, timeout: 3 } }),
        wait(20 * BUCKET_MS),
        ok(1),
        window(1, 0, { byKind: { success: 1, failure: 0, timeout: 0 } }),
      ],
    },
    {
      id: "reading-rolls",
      title: "Who reads sees the window as it is now, also when no call has come to roll it",
      source: "Hystrix HystrixRollingNumberTest.testCounterRetrievalRefreshesBuckets",
      settings: SETTINGS,
      steps: [
        ok(4),
        failed(2),
        window(6, 2),
        wait(10 * BUCKET_MS),
        window(6, 2),
        wait(10 * BUCKET_MS),
        window(0, 0),
        failed(1),
        window(1, 1),
      ],
    },
    {
      id: "reading-rolls-bucket-by-bucket",
      title: "Each bucket leaves in its turn, without a call",
      source: "Hystrix HystrixRollingNumberTest.testCounterRetrievalRefreshesBuckets",
      settings: SETTINGS,
      steps: [
        ok(1),
        nextBucket,
        failed(2),
        nextBucket,
        ok(3),
        wait(17 * BUCKET_MS),
        window(6, 2),
        nextBucket,
        window(5, 2),
        nextBucket,
        window(3, 0),
        nextBucket,
        window(0, 0),
      ],
    },
    {
      id: "empty-sums",
      title: "A window that was never used, or has emptied, counts nothing of any kind",
      source: "Hystrix HystrixRollingNumberTest.testEmptySum, testEmptyLatestValue",
      settings: SETTINGS,
      steps: [
        window(0, 0, { byKind: { success: 0, failure: 0, timeout: 0, unreachable: 0, rejected: 0 } }),
        ok(5),
        wait(60_000),
        window(0, 0, { byKind: { success: 0, failure: 0, timeout: 0, unreachable: 0, rejected: 0 } }),
      ],
    },
    {
      id: "a-long-silence",
      title: "A silence of many windows empties it once, and the next call starts it",
      source: "Hystrix HystrixRollingNumberTest.testResetBuckets",
      settings: SETTINGS,
      steps: [failed(9), wait(3_600_000), failed(1), window(1, 1)],
    },
    {
      id: "never-more-than-a-window",
      title: "A call in every bucket for ten windows: never more than 20 are counted",
      source: "Hystrix HystrixRollingNumberTest.testCumulativeCounterAfterRolling, for the rolling sum",
      settings: SETTINGS,
      steps: Array.from({ length: 200 }, (_, index) => [
        nextBucket,
        ok(1),
        ...(index < 20 ? [] : [window(20, 0)]),
      ]).flat(),
    },
  ],
};
