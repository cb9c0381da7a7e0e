import type { EdgeTotals } from "./edge-totals.ts";
import { testEdge } from "./test-edge.ts";

/** For tests: what `testEdge` counts, but for what `change` says. */
export function testTotals(change: Partial<EdgeTotals> = {}): EdgeTotals {
  return { ...testEdge(), gateways: [], ...change };
}
