import type { ScenarioGroup } from "./scenario.ts";
import { admit, admitAll, end, endAll, failed, ok, refuse, state, wait, window } from "./steps.ts";

/** Time enough for calls that outlive transitions. */
const PATIENT = { timeoutMs: 60_000 };
const TRIP = [failed(20), state("open")] as const;

/** Results of calls that were let through before the last transition: they count, and decide nothing. */
export const STALE_RESULTS: ScenarioGroup = {
  name: "Late results",
  scenarios: [
    {
      id: "late-success-while-open",
      title: "A good result of a call begun before it opened does not close it",
      source: "measured on Hystrix, row E; opossum closed-test",
      hystrix: { "1.5.18": "closes", master: "stays open" },
      settings: PATIENT,
      steps: [admit("slow"), ...TRIP, end("slow", "ok"), state("open"), refuse("short-circuited")],
    },
    {
      id: "late-success-during-the-trial",
      title: "A good result of a call begun before it opened does not close it during the trial either",
      source: "measured on opossum, which closes",
      settings: PATIENT,
      steps: [admit("slow"), ...TRIP, wait(5000), admit("trial"), end("slow", "ok"), state("half-open"), refuse("short-circuited")],
    },
    {
      id: "late-failure-during-the-trial",
      title: "A bad result of a call begun before it opened does not fail the trial",
      source: "Sentinel and Polly (read from source): any result decides",
      settings: PATIENT,
      steps: [
        admit("slow"),
        ...TRIP,
        wait(5000),
        admit("trial"),
        end("slow", "timed-out"),
        state("half-open"),
        end("trial", "ok"),
        state("closed"),
      ],
    },
    {
      id: "late-failures-after-closing",
      title: "30 bad results of calls begun before it opened do not open it again once it has closed",
      source: "issue: no stale result decides",
      settings: PATIENT,
      steps: [
        ...admitAll("slow", 30),
        ...TRIP,
        wait(5000),
        ok(1),
        state("closed"),
        ...endAll("slow", 30, "timed-out"),
        state("closed"),
      ],
    },
    {
      id: "late-results-are-counted",
      title: "Late results are in the window all the same",
      source: "issue: stale results are counted and never decide",
      settings: PATIENT,
      steps: [...admitAll("slow", 3), ...TRIP, end("slow1", "ok"), end("slow2", "failed"), end("slow3", "timed-out"), window(23, 22)],
    },
    {
      id: "late-end-adds-no-permit",
      title: "A caller that goes away returns no trial it never had",
      source: "resilience4j releasePermission (read from source): permits grow beyond their number",
      settings: PATIENT,
      steps: [
        admit("slow"),
        ...TRIP,
        wait(5000),
        admit("trial"),
        end("slow", "abandoned"),
        refuse("short-circuited"),
        end("trial", "ok"),
        state("closed"),
      ],
    },
    {
      id: "a-lost-trial-comes-back",
      title: "The result of a trial that was given up decides nothing when it comes after all",
      source: "issue: half-open never sticks, and no stale result decides",
      settings: { sleepWindowMs: 1000, timeoutMs: 1000 },
      steps: [
        ...TRIP,
        wait(1000),
        admit("lost"),
        wait(1500),
        state("open"),
        wait(1000),
        admit("trial"),
        end("lost", "ok"),
        state("half-open"),
        refuse("short-circuited"),
        end("trial", "failed"),
        state("open"),
      ],
    },
    {
      id: "two-openings-later",
      title: "Nor does a result that is two openings old",
      source: "issue: property test that no stale result decides",
      settings: PATIENT,
      steps: [
        admit("slow"),
        ...TRIP,
        wait(5000),
        ok(1),
        state("closed"),
        ...TRIP,
        wait(5000),
        admit("trial"),
        end("slow", "ok"),
        state("half-open"),
        end("trial", "ok"),
        state("closed"),
      ],
    },
  ],
};
