import type { ScenarioGroup } from "./scenario.ts";
import { admit, admitAll, calls, end, failed, force, lift, ok, refuse, state, wait, window } from "./steps.ts";

const TRIP = [failed(20), state("open")] as const;

/** What a person orders is a layer above; the automatic state goes on, or rests, underneath. */
export const OVERRIDES: ScenarioGroup = {
  name: "Overrides",
  scenarios: [
    {
      id: "forced-open-refuses",
      title: "Forced open, nothing runs",
      source: "Hystrix HystrixCommandTest.testCircuitBreakerReportsOpenIfForcedOpen",
      settings: {},
      steps: [ok(5), force("forced-open"), refuse("short-circuited", 20)],
    },
    {
      id: "forced-open-is-held",
      title: "Forced open, it stays so for as long as it is ordered, however many sleep windows pass",
      source: "measured on opossum: open() is not held",
      settings: { sleepWindowMs: 1000 },
      steps: [force("forced-open"), wait(10_000), refuse("short-circuited", 5), wait(60_000), refuse("short-circuited", 5)],
    },
    {
      id: "forced-open-leaves-no-trace",
      title: "Lifted, a breaker that was closed is closed, without a trial",
      source: "measured on Hystrix, row H2",
      hystrix: { "1.5.18": "closed", master: "closed" },
      settings: {},
      steps: [ok(5), force("forced-open"), refuse("short-circuited"), lift, state("closed"), ...admitAll("a", 5)],
    },
    {
      id: "forced-open-counts-nothing",
      title: "What it refuses while forced open is not counted",
      source: "issue: under forced-open nothing runs",
      settings: {},
      steps: [failed(5), force("forced-open"), refuse("short-circuited", 50), window(5, 5), lift, window(5, 5)],
    },
    {
      id: "forced-open-keeps-an-open-state",
      title: "Lifted, a breaker that had opened by itself is still open",
      source: "measured on cockatiel: after isolate() it is closed",
      settings: {},
      steps: [...TRIP, force("forced-open"), refuse("short-circuited"), wait(1000), lift, state("open"), refuse("short-circuited")],
    },
    {
      id: "sleep-passes-under-forced-open",
      title: "The sleep window passes underneath: lifted after its end, the next call is the trial",
      source: "issue: expiry returns to the automatic state that was kept underneath",
      settings: {},
      steps: [...TRIP, force("forced-open"), wait(8000), lift, admit("trial"), refuse("short-circuited"), end("trial", "ok"), state("closed")],
    },
    {
      id: "results-under-forced-open",
      title: "Calls that were under way when it was forced open still count and decide",
      source: "issue: automatic layer and override are separate",
      settings: { timeoutMs: 60_000 },
      steps: [...admitAll("a", 1), failed(19), force("forced-open"), end("a1", "failed"), state("open"), lift, refuse("short-circuited")],
    },
    {
      id: "forced-closed-lets-through",
      title: "Forced closed, calls go on although they fail",
      source: "Hystrix HystrixCommandTest.testCircuitBreakerReportsClosedIfForcedClosed",
      settings: {},
      steps: [force("forced-closed"), failed(50), ...admitAll("a", 5)],
    },
    {
      id: "would-be-open",
      title: "Under forced closed the automatic state goes on: it shows that it would be open",
      source: "measured on Hystrix, row H",
      hystrix: { "1.5.18": "trips underneath, isOpen() is true", master: "trips underneath, isOpen() is false" },
      settings: {},
      steps: [force("forced-closed"), failed(20), state("open"), failed(5), window(25, 25)],
    },
    {
      id: "forced-closed-lifted",
      title: "Lifted, a breaker that opened underneath refuses at once",
      source: "measured on Hystrix, row H",
      hystrix: { "1.5.18": "refuses at once", master: "refuses at once" },
      settings: {},
      steps: [force("forced-closed"), failed(20), lift, refuse("short-circuited")],
    },
    {
      id: "good-calls-under-forced-closed",
      title: "A call that only passes because it is forced closed does not close it",
      source: "measured on Hystrix, row L",
      hystrix: { "1.5.18": "closed by it", master: "still open" },
      settings: {},
      steps: [...TRIP, force("forced-closed"), ok(5), state("open"), lift, refuse("short-circuited")],
    },
    {
      id: "trial-under-forced-closed",
      title: "After the sleep window the next call is the trial underneath, and can close it",
      source: "issue: automatic transitions go on under forced closed",
      settings: {},
      steps: [...TRIP, force("forced-closed"), wait(5000), admit("trial"), state("half-open"), ok(5), state("half-open"), end("trial", "ok"), state("closed")],
    },
    {
      id: "failed-trial-under-forced-closed",
      title: "A failed trial underneath opens it for another sleep window; calls go on",
      source: "issue: automatic transitions go on under forced closed",
      settings: {},
      steps: [...TRIP, force("forced-closed"), wait(5000), failed(1), state("open"), ok(1), state("open"), lift, refuse("short-circuited")],
    },
    {
      id: "forced-closed-keeps-the-bulkhead",
      title: "Forced closed lifts the breaker, not the limit of calls at once",
      source: "Hystrix (the semaphore is asked whatever the breaker says)",
      settings: { maxConcurrent: 3, timeoutMs: 60_000 },
      steps: [force("forced-closed"), ...admitAll("a", 3), refuse("rejected", 2)],
    },
    {
      id: "abandoned-under-forced-closed",
      title: "Callers that go away under forced closed give back no trial that was not theirs",
      source: "issue: no permit leaks",
      settings: { timeoutMs: 60_000 },
      steps: [...TRIP, force("forced-closed"), wait(5000), admit("trial"), calls(5, "abandoned"), lift, refuse("short-circuited"), end("trial", "ok"), state("closed")],
    },
  ],
};
