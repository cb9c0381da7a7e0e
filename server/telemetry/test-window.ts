import type { BreakerReading, TrafficWindow } from "#domain/traffic.ts";

/** For tests: the window of a gateway that ends at `endMs`, with these breakers and else nothing. */
export function testWindow(
  gatewayId: string,
  sequence: number,
  endMs: number,
  breakers: BreakerReading[],
  change: Partial<TrafficWindow> = {},
): TrafficWindow {
  return {
    sequence,
    run: "run",
    gatewayId,
    startMs: endMs - 1000,
    endMs,
    edges: [],
    breakers,
    transitions: [],
    ejections: [],
    instances: [],
    unrouted: 0,
    dropped: 0,
    ...change,
  };
}
