import type { ScenarioGroup } from "./scenario.ts";
import { admit, admitAll, calls, edit, end, endAll, failed, ok, refuse, state, wait } from "./steps.ts";

const PATIENT = { timeoutMs: 60_000 };

/** As many calls at once as the policy allows; no queue. */
export const BULKHEAD: ScenarioGroup = {
  name: "Bulkhead",
  scenarios: [
    {
      id: "permits-in-use",
      title: "Of 6 calls at once with 3 places 3 are rejected at once, and all places come back",
      source: "Hystrix HystrixCommandTest.testSemaphorePermitsInUse",
      settings: { ...PATIENT, maxConcurrent: 3, countRejections: false },
      steps: [...admitAll("a", 3), refuse("rejected", 3), ...endAll("a", 3, "ok"), ...admitAll("b", 3), refuse("rejected")],
    },
    {
      id: "places-come-back-however-it-ends",
      title: "A place comes back after a failure, a timeout and a caller that went away, too",
      source: "Hystrix HystrixCommandTest.testSemaphoreThreadSafety; opossum semaphore-test",
      settings: { ...PATIENT, maxConcurrent: 1, requestVolumeThreshold: 1000, countRejections: false },
      steps: [
        failed(1),
        calls(1, "timed-out"),
        calls(1, "unreachable"),
        calls(1, "abandoned"),
        admit("a"),
        refuse("rejected"),
        end("a", "abandoned"),
        admit("b"),
      ],
    },
    {
      id: "a-rejection-changes-no-state",
      title: "Rejections open nothing by themselves; what they count for is decided when a call ends",
      source: "issue: a rejection never transitions anything",
      settings: { ...PATIENT, maxConcurrent: 2, requestVolumeThreshold: 5 },
      steps: [...admitAll("a", 2), refuse("rejected", 10), state("closed"), end("a1", "ok"), state("open")],
    },
    {
      id: "rejections-need-not-count",
      title: "With countRejections off, an overload of our own making never opens it",
      source: "Envoy issue 25487 (local overflow must not eject hosts)",
      settings: { ...PATIENT, maxConcurrent: 2, requestVolumeThreshold: 5, countRejections: false },
      steps: [...admitAll("a", 2), refuse("rejected", 50), ...endAll("a", 2, "ok"), ok(10), state("closed")],
    },
    {
      id: "a-rejection-uses-up-no-trial",
      title: "The bulkhead is asked first: a call it rejects is no trial, and the next one can be",
      source: "measured on Hystrix, row I",
      hystrix: { "1.5.18": "stays open", master: "opens again: the trial is used up" },
      settings: { ...PATIENT, maxConcurrent: 2, requestVolumeThreshold: 1, sleepWindowMs: 1000 },
      steps: [
        ...admitAll("slow", 2),
        end("slow1", "failed"),
        state("open"),
        edit({ maxConcurrent: 1 }),
        wait(1000),
        refuse("rejected", 3),
        state("open"),
        end("slow2", "ok"),
        admit("trial"),
        state("half-open"),
        end("trial", "ok"),
        state("closed"),
      ],
    },
    {
      id: "the-trial-takes-a-place",
      title: "A trial has its place in the bulkhead, and gives it back",
      source: "Hystrix AbstractCommand.applyHystrixSemantics (breaker, then semaphore)",
      settings: { ...PATIENT, maxConcurrent: 1, requestVolumeThreshold: 1, sleepWindowMs: 1000 },
      steps: [failed(1), wait(1000), admit("trial"), end("trial", "ok"), state("closed"), admit("a"), refuse("rejected"), end("a", "ok")],
    },
    {
      id: "open-comes-before-full",
      title: "An open breaker short-circuits also when the bulkhead is full",
      source: "Hystrix AbstractCommand.applyHystrixSemantics (the breaker is asked first)",
      settings: { ...PATIENT, maxConcurrent: 2, requestVolumeThreshold: 1 },
      steps: [...admitAll("slow", 2), end("slow1", "failed"), state("open"), refuse("short-circuited", 3)],
    },
    {
      id: "limit-changed-live",
      title: "Another limit holds from the next call on; nobody in flight is thrown out",
      source: "Hystrix execution.isolation.semaphore.maxConcurrentRequests (dynamic)",
      settings: { ...PATIENT, maxConcurrent: 2, countRejections: false },
      steps: [
        ...admitAll("a", 2),
        refuse("rejected"),
        edit({ maxConcurrent: 3 }),
        admit("a3"),
        refuse("rejected"),
        edit({ maxConcurrent: 1 }),
        end("a1", "ok"),
        refuse("rejected"),
        end("a2", "ok"),
        refuse("rejected"),
        end("a3", "ok"),
        admit("b"),
      ],
    },
  ],
};
