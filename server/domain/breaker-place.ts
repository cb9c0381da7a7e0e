import type { FleetBreaker } from "./live.ts";

/** Which gateway a reading is from, and which of its workers: "gateway-1", "gateway-1 · worker 2". Different for each reading of a breaker. */
export function placeOf({ gatewayId, reading }: FleetBreaker["gateways"][number]): string {
  return reading.worker === null ? gatewayId : `${gatewayId} · worker ${reading.worker}`;
}
