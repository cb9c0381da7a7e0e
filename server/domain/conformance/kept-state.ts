import type { ScenarioGroup } from "./scenario.ts";
import { admit, edit, end, failed, ok, refuse, restart, state, wait, window } from "./steps.ts";

const TRIP = [failed(20), state("open")] as const;

/** State and counts outlive what is done to the settings and to the process. */
export const KEPT_STATE: ScenarioGroup = {
  name: "Edits and restarts",
  scenarios: [
    {
      id: "edit-keeps-the-window",
      title: "Editing thresholds keeps what was counted",
      source: "Sentinel DegradeRuleManager (drops it); resilience4j pull request 2365 (asks for it)",
      settings: {},
      steps: [failed(15), edit({ errorThresholdPercent: 80 }), window(15, 15), failed(5), state("open")],
    },
    {
      id: "edit-keeps-an-open-state",
      title: "Editing thresholds does not close an open breaker",
      source: "resilience4j pull request 2365",
      settings: {},
      steps: [...TRIP, edit({ requestVolumeThreshold: 1000, errorThresholdPercent: 100 }), state("open"), refuse("short-circuited")],
    },
    {
      id: "edit-decides-nothing",
      title: "A lower threshold opens nothing by itself: the next call's end decides",
      source: "issue: policy edits keep state and window",
      settings: {},
      steps: [ok(15), failed(5), edit({ errorThresholdPercent: 20 }), state("closed"), failed(1), state("open")],
    },
    {
      id: "edit-of-the-window",
      title: "A longer window keeps what was counted, a shorter one what is recent",
      source: "issue: policy edits keep state and window",
      settings: {},
      steps: [failed(4), wait(6000), failed(3), edit({ rollingWindowMs: 20_000 }), window(7, 7), edit({ rollingWindowMs: 4000 }), window(3, 3)],
    },
    {
      id: "edit-of-the-sleep-window",
      title: "A shorter sleep window also ends the running one sooner; a longer one is for the next time",
      source: "Hystrix circuitBreaker.sleepWindowInMilliseconds (dynamic)",
      settings: {},
      steps: [...TRIP, edit({ sleepWindowMs: 1000 }), wait(999), refuse("short-circuited"), wait(1), admit("trial"), end("trial", "failed"), edit({ sleepWindowMs: 60_000 }), wait(1000), ok(1), state("closed")],
    },
    {
      id: "edit-during-the-trial",
      title: "Editing thresholds during the trial leaves the trial its say",
      source: "issue: policy edits keep state and window",
      settings: {},
      steps: [...TRIP, wait(5000), admit("trial"), edit({ errorThresholdPercent: 70 }), state("half-open"), refuse("short-circuited"), end("trial", "ok"), state("closed")],
    },
    {
      id: "switching-off-closes",
      title: "Switched off while open it closes; switched on again it starts from closed",
      source: "Hystrix circuitBreaker.enabled; opossum enable-disable-test",
      settings: {},
      steps: [...TRIP, edit({ enabled: false }), state("closed"), failed(30), edit({ enabled: true }), state("closed"), failed(1), state("open")],
    },
    {
      id: "open-over-a-restart",
      title: "Over a restart it stays open for the rest of its sleep window",
      source: "opossum state-test; cockatiel CircuitBreakerPolicy tests (restores open)",
      settings: {},
      steps: [...TRIP, wait(2000), restart(1000), state("open"), wait(1999), refuse("short-circuited"), wait(1), admit("trial")],
    },
    {
      id: "restart-after-the-sleep-window",
      title: "When the sleep window has passed while the process was down, the first call is the trial",
      source: "opossum state-test (open for longer than resetTimeout)",
      settings: {},
      steps: [...TRIP, wait(2000), restart(10_000), admit("trial"), refuse("short-circuited"), end("trial", "ok"), state("closed")],
    },
    {
      id: "restart-during-the-trial",
      title: "A restart during the trial makes another one due",
      source: "cockatiel CircuitBreakerPolicy tests (restores half-open)",
      settings: {},
      steps: [...TRIP, wait(5000), admit("trial"), restart(500), admit("next"), refuse("short-circuited"), end("next", "ok"), state("closed")],
    },
    {
      id: "closed-over-a-restart",
      title: "A closed breaker is closed after a restart",
      source: "cockatiel CircuitBreakerPolicy tests (restores closed); opossum state-test",
      settings: {},
      steps: [ok(5), failed(3), restart(1000), state("closed"), ok(5), state("closed")],
    },
    {
      id: "reading-changes-nothing",
      title: "Looking at it, also when a trial is due, changes nothing",
      source: "Hystrix issue 236 (the stream's reading trips the breaker)",
      settings: {},
      steps: [failed(20), window(20, 20), state("open"), wait(7000), window(20, 20), state("open"), window(20, 20), state("open"), admit("trial"), state("half-open")],
    },
  ],
};
