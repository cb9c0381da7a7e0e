import type { EdgeWindow, TrafficWindow } from "#domain/traffic.ts";
import { windowOf } from "./recorded-window.ts";

/** Calls from outside to the storefront, but for what is given. */
export function edgeOf(given: Partial<EdgeWindow> = {}): EdgeWindow {
  return {
    caller: "outside",
    routeId: "shop",
    service: "storefront",
    subset: "",
    instance: "i1",
    asFallback: false,
    counts: { success: 1 },
    latency: [[80, 1]],
    bytesOut: 100,
    inFlight: 0,
    ...given,
  };
}

/** A gateway's window of the second that began at `atMs`. */
export function secondOf(
  atMs: number,
  sequence: number,
  edges: readonly EdgeWindow[],
  given: Partial<TrafficWindow> = {},
): TrafficWindow {
  return windowOf({ gatewayId: "gw-1", run: "r1", sequence, endMs: atMs + 1000, edges: [...edges], ...given });
}
