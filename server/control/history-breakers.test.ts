import { describe, expect, it } from "vitest";
import { BreakerPolicySpec } from "#domain/breaker-policy.ts";
import type { EdgeTotals } from "#domain/edge-totals.ts";
import { pastBreakers } from "./history-breakers.ts";

function calls(routeId: string, service: string): EdgeTotals {
  return {
    caller: "outside",
    routeId,
    service,
    subset: "",
    instance: "a",
    asFallback: false,
    counts: { success: 10 },
    latency: [],
    bytesOut: 0,
    inFlight: 0,
    gateways: [],
  };
}

describe("breakers of a past moment", () => {
  it("have the timeout that was in force, by which latency is judged", () => {
    const breakerPolicies = [
      BreakerPolicySpec.parse({ target: { kind: "service", service: "payments" }, settings: { timeoutMs: 300 } }),
      BreakerPolicySpec.parse({
        target: { kind: "command", routeId: "slow", service: "payments" },
        settings: { timeoutMs: 4000 },
      }),
    ];
    const breakers = pastBreakers(
      [calls("shop", "payments"), calls("slow", "payments"), calls("shop", "cart")],
      [],
      { overrides: [], breakerPolicies },
      0,
    );
    expect(breakers.map(({ routeId, service, thresholds }) => [routeId, service, thresholds.timeoutMs])).toEqual([
      ["shop", "payments", 300],
      ["slow", "payments", 4000],
      ["shop", "cart", 1000],
    ]);
  });
});
