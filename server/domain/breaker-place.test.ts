import { expect, it } from "vitest";
import { placeOf } from "./breaker-place.ts";
import { buildFleetBreakers } from "./fleet-breakers.ts";
import { testReading } from "./test-reading.ts";

it("tells the readings of a gateway's workers apart", () => {
  const latest = [testReading({ worker: 1 }), testReading({ worker: 2, state: "open" })];
  const gateways = [
    { gatewayId: "gateway-1", latest, seconds: [] },
    { gatewayId: "gateway-2", latest: [testReading({})], seconds: [] },
  ];
  const [breaker] = buildFleetBreakers({ gateways, calls: [], transitions: [], nowMs: 0, windowMs: 10_000 });
  expect(breaker?.gateways.map(placeOf)).toEqual(["gateway-1 · worker 1", "gateway-1 · worker 2", "gateway-2"]);
});
