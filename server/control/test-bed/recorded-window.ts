import { testReading } from "#domain/test-reading.ts";
import type { BreakerReading, TrafficWindow } from "#domain/traffic.ts";
import { testWindow } from "#telemetry/test-window.ts";

/** What a window says of one breaker, where only some of it matters. */
export function readingOf(
  given: Partial<BreakerReading> & Pick<BreakerReading, "routeId" | "service">,
): BreakerReading {
  return testReading({ group: given.service, ...given });
}

/** A gateway's window of one second, which ended at `endMs`. */
export function windowOf(
  given: Partial<TrafficWindow> & Pick<TrafficWindow, "gatewayId" | "run" | "sequence" | "endMs">,
): TrafficWindow {
  return testWindow(given.gatewayId, given.sequence, given.endMs, [], given);
}
