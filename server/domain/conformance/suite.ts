import { BULKHEAD } from "./bulkhead.ts";
import { GRADED_RETURN } from "./graded-return.ts";
import { HEALTH_COUNTS } from "./health-counts.ts";
import { KEPT_STATE } from "./kept-state.ts";
import { OVERRIDES } from "./overrides.ts";
import { ROLLING_WINDOW } from "./rolling-window.ts";
import type { ScenarioGroup } from "./scenario.ts";
import { SLEEP_BACKOFF } from "./sleep-backoff.ts";
import { SLOW_CALLS } from "./slow-calls.ts";
import { STALE_RESULTS } from "./stale-results.ts";
import { TRIALS } from "./trials.ts";
import { TRIPPING } from "./tripping.ts";

/** Every scenario, by concern, in the order of the table in docs/breakers.md. */
export const CONFORMANCE: readonly ScenarioGroup[] = [
  TRIPPING,
  TRIALS,
  STALE_RESULTS,
  BULKHEAD,
  OVERRIDES,
  KEPT_STATE,
  SLOW_CALLS,
  SLEEP_BACKOFF,
  GRADED_RETURN,
  HEALTH_COUNTS,
  ROLLING_WINDOW,
];
