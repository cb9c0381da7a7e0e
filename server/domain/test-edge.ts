import type { EdgeWindow } from "./traffic.ts";

/** For tests: ten good calls from outside to the storefront's instance i1, but for what `change` says. */
export function testEdge(change: Partial<EdgeWindow> = {}): EdgeWindow {
  return {
    caller: "outside",
    routeId: "shop",
    service: "storefront",
    subset: "",
    instance: "i1",
    asFallback: false,
    counts: { success: 10 },
    latency: [[80, 10]],
    bytesOut: 0,
    inFlight: 0,
    ...change,
  };
}
