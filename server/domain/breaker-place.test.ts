import { expect, it } from "vitest";
import { placeOf } from "./breaker-place.ts";
import { testReading } from "./test-reading.ts";

it("tells the readings of a gateway's workers apart", () => {
  const gateways = [
    { gatewayId: "gateway-1", reading: testReading({ worker: 1 }) },
    { gatewayId: "gateway-1", reading: testReading({ worker: 2, state: "open" }) },
    { gatewayId: "gateway-2", reading: testReading({}) },
  ];
  expect(gateways.map(placeOf)).toEqual(["gateway-1 · worker 1", "gateway-1 · worker 2", "gateway-2"]);
});
