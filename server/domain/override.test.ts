import { describe, expect, it } from "vitest";
import {
  extendedEnd,
  OverrideDraft,
  overrideId,
  overrideRank,
  askedTimeInWords,
  targetInWords,
  type OverrideScope,
  type OverrideTarget,
} from "./override.ts";
import { MAX_ID } from "./policy.ts";

const FLEET: OverrideScope = { kind: "fleet" };
const instance = (id: string): OverrideTarget => ({ kind: "instance", service: "cart", instance: id });

describe("an override's id", () => {
  it("has no slash and is one instance's alone, whatever the registry calls it", () => {
    const odd = ["a/b", "a%2Fb", "..", "a@fleet", "ü", "a:b", " a"];
    const ids = odd.map((id) => overrideId(instance(id), FLEET));
    expect(ids.filter((id) => id.includes("/"))).toEqual([]);
    expect(new Set(ids).size).toBe(odd.length);
  });

  it("fits with the longest names there may be", () => {
    const target: OverrideTarget = { kind: "instance", service: "s".repeat(128), instance: "i".repeat(200) };
    const id = overrideId(target, { kind: "gateway", gatewayId: "g".repeat(128) });
    expect(id.length).toBeLessThanOrEqual(MAX_ID);
  });
});

describe("what a person asks for", () => {
  const draft = { target: instance("a"), mode: "forced-open", reason: "it smokes", durationMs: 20_000 };

  it("may last 20 s, not less than one, and must say why", () => {
    expect(OverrideDraft.parse(draft)).toMatchObject({ durationMs: 20_000, scope: FLEET, confirmed: false });
    expect(OverrideDraft.safeParse({ ...draft, durationMs: 999 }).error?.issues[0]?.message).toBe("At least 1 s");
    expect(OverrideDraft.safeParse({ ...draft, reason: "  " }).success).toBe(false);
  });

  it("lasts until lifted only when that is said", () => {
    expect(OverrideDraft.safeParse({ ...draft, durationMs: undefined }).success).toBe(false);
    expect(OverrideDraft.parse({ ...draft, durationMs: null }).durationMs).toBeNull();
  });
});

describe("which override wins", () => {
  it("is the command's before the service's, then this gateway's before the fleet's", () => {
    const command: OverrideTarget = { kind: "command", routeId: "r", service: "cart" };
    const service: OverrideTarget = { kind: "service", service: "cart" };
    const here: OverrideScope = { kind: "gateway", gatewayId: "one" };
    const ranks = [
      { target: command, scope: here },
      { target: command, scope: FLEET },
      { target: service, scope: here },
      { target: service, scope: FLEET },
    ].map((spec) => overrideRank({ ...spec, mode: "forced-closed" }));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    expect(overrideRank({ target: service, scope: FLEET, mode: "forced-open" })).toBeLessThan(ranks.at(-1) ?? 0);
  });
});

describe("more time", () => {
  it("is added to what is left, up to 30 days from now", () => {
    expect(extendedEnd(5000, 900_000, 1000)).toBe(905_000);
    const month = 30 * 24 * 3_600_000;
    expect(extendedEnd(1000 + month, 900_000, 1000)).toBe(1000 + month);
  });
});

it("an instance is named with its service", () => {
  expect(targetInWords(instance("a"))).toBe("instance a of cart");
});

it("says how long somebody asked for as they would", () => {
  expect([20_000, 900_000, 5_400_000, 3_661_000, 86_400_000].map(askedTimeInWords)).toEqual([
    "20 s",
    "15 min",
    "1 h 30 min",
    "1 h 1 min 1 s",
    "24 h",
  ]);
});
