import type { ScenarioGroup } from "./scenario.ts";
import { admit, end, failed, ok, refuse, restart, state, wait } from "./steps.ts";

const TRIP = [failed(20), state("open")] as const;
const GROWING = { sleepWindowMs: 1000, sleepBackoffFactor: 2, sleepWindowMaxMs: 4000 };

/** Refused until the very end of a sleep window; then a trial, which fails. */
function sleeps(ms: number) {
  return [wait(ms - 1), refuse("short-circuited"), wait(1), admit("trial"), end("trial", "failed"), state("open")];
}

/** Longer rests for what stays broken. */
export const SLEEP_BACKOFF: ScenarioGroup = {
  name: "Back-off",
  scenarios: [
    {
      id: "same-sleep-by-default",
      title: "Without a factor each sleep window is as long as the first",
      source: "our rule: sleep-window back-off factor 1",
      settings: { sleepWindowMs: 1000 },
      steps: [...TRIP, ...sleeps(1000), ...sleeps(1000), ...sleeps(1000), wait(1000), admit("trial")],
    },
    {
      id: "longer-each-time",
      title: "Each failed trial makes the next sleep window longer, up to the longest allowed",
      source:
        "resilience4j CircuitBreakerStateMachineTest.shouldTransitionToHalfOpenAfterWaitInterval; cockatiel back-off",
      settings: GROWING,
      steps: [...TRIP, ...sleeps(1000), ...sleeps(2000), ...sleeps(4000), ...sleeps(4000), wait(4000), admit("trial")],
    },
    {
      id: "short-again-after-closing",
      title: "Once it has closed, the next sleep window is the first again",
      source: "cockatiel CircuitBreakerPolicy tests (back-off reset on close)",
      settings: GROWING,
      steps: [...TRIP, ...sleeps(1000), ...sleeps(2000), wait(4000), ok(1), state("closed"), ...TRIP, ...sleeps(1000)],
    },
    {
      id: "cancelled-trials-do-not-count",
      title: "A trial whose caller went away makes nothing longer",
      source: "our rule: an ignored result gives the permit back",
      settings: GROWING,
      steps: [...TRIP, wait(1000), admit("trial"), end("trial", "abandoned"), failed(1), ...sleeps(2000)],
    },
    {
      id: "long-over-a-restart",
      title: "A grown sleep window goes on over a restart, and the next one is longer still",
      source: "our rule: open stays open over a gateway restart",
      settings: { ...GROWING, sleepWindowMaxMs: 60_000 },
      steps: [...TRIP, ...sleeps(1000), ...sleeps(2000), wait(1000), restart(1000), ...sleeps(2000), ...sleeps(8000)],
    },
    {
      id: "jitter-stays-in-its-bounds",
      title: "With 20 % of jitter a second's sleep is over after 1.2 s, and not before 0.8 s",
      source: "our rule: sleep-window back-off factor, cap, jitter",
      settings: { sleepWindowMs: 1000, sleepJitterPercent: 20 },
      steps: [...TRIP, wait(799), refuse("short-circuited"), wait(401), admit("trial")],
    },
  ],
};
