import { describe, expect, it } from "vitest";
import { BreakerPolicySpec, type BreakerTarget } from "./breaker-policy.ts";
import { findFallbackCycle } from "./fallback-cycle.ts";

function policy(target: BreakerTarget, ...backups: string[]): BreakerPolicySpec {
  return BreakerPolicySpec.parse({
    target,
    settings: {},
    fallbacks: backups.map((service) => ({ kind: "service", service })),
  });
}
const service = (name: string, ...backups: string[]): BreakerPolicySpec =>
  policy({ kind: "service", service: name }, ...backups);
const command = (routeId: string, name: string, ...backups: string[]): BreakerPolicySpec =>
  policy({ kind: "command", routeId, service: name }, ...backups);

describe("backups in a circle", () => {
  it("are found over any number of services, and named in order", () => {
    expect(findFallbackCycle([service("a", "b"), service("b", "c"), service("c", "a")])).toEqual(["a", "b", "c", "a"]);
    expect(findFallbackCycle([service("x", "a"), service("a", "b"), service("b", "a")])).toEqual(["a", "b", "a"]);
  });

  it("are found through any backup of the list, not the first alone", () => {
    expect(findFallbackCycle([service("a", "z", "b"), service("b", "a")])).not.toBeNull();
  });

  it("are found behind a last good reply, and are none through one alone", () => {
    const lastGood = { kind: "last-good", maxAgeMs: 1000, maxBytes: 1 } as const;
    const first = service("a", "b");
    const cached = { ...first, fallbacks: [lastGood, ...first.fallbacks] };
    expect(findFallbackCycle([cached, service("b", "a")])).toEqual(["a", "b", "a"]);
    expect(findFallbackCycle([{ ...first, fallbacks: [lastGood] }, service("b", "a")])).toBeNull();
  });

  it("are none when two ways lead to the same backup", () => {
    expect(findFallbackCycle([service("a", "b", "c"), service("b", "d"), service("c", "d")])).toBeNull();
  });

  it("are looked for within a route: its own policy stands in for the service's", () => {
    expect(findFallbackCycle([service("a", "b"), command("r", "b", "a")])).toEqual(["a", "b", "a"]);
    // On route r, a has no backup; elsewhere b has none.
    expect(findFallbackCycle([service("a", "b"), command("r", "a"), command("r", "b", "a")])).toBeNull();
    expect(findFallbackCycle([command("r", "a", "b"), command("s", "b", "a")])).toBeNull();
  });
});
