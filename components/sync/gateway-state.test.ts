import { describe, expect, it } from "vitest";
import type { GatewayProgress } from "#domain/gateway-progress.ts";
import { GATEWAY_STATE_ORDER, GATEWAY_STATES, gatewayState } from "./gateway-state.ts";

const gateway = (change: Partial<GatewayProgress>): GatewayProgress => ({
  id: "g1",
  isLive: true,
  revision: 9,
  isAhead: false,
  behind: 0,
  appliedAtMs: 1,
  isForeign: false,
  refused: [],
  ...change,
});
const refused = [{ key: "routes/x", revision: 9, reason: "too deep" }];

describe("gatewayState", () => {
  it("says of each gateway what stands most in the way", () => {
    expect(gatewayState(gateway({}), 9)).toBe("applied");
    expect(gatewayState(gateway({ revision: 8 }), 9)).toBe("behind");
    expect(gatewayState(gateway({ revision: 8, refused }), 9)).toBe("refuses");
    expect(gatewayState(gateway({ revision: null, isForeign: true }), 9)).toBe("foreign");
    expect(gatewayState(gateway({ revision: null }), 9)).toBe("silent");
    expect(gatewayState(gateway({ isLive: false, refused }), 9)).toBe("left");
    expect(gatewayState(gateway({ revision: 12, isAhead: true, refused }), 9)).toBe("ahead");
  });

  it("calls nobody behind while it is not known what is published", () => {
    expect(gatewayState(gateway({ revision: 8 }), null)).toBe("applied");
  });

  it("has a place in the order for every state", () => {
    expect(GATEWAY_STATE_ORDER.toSorted()).toEqual(Object.keys(GATEWAY_STATES).toSorted());
  });
});
