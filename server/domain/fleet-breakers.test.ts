import { describe, expect, it } from "vitest";
import { testReading } from "./test-reading.ts";
import { buildFleetBreakers, type FleetInput } from "./fleet-breakers.ts";
import type { BreakerReading, BreakerTransition } from "./traffic.ts";

function reading(change: Partial<BreakerReading> = {}): BreakerReading {
  const busy = { counts: { success: 5 }, fallbackServed: 1, latency: [[80, 5]] satisfies [number, number][] };
  return testReading({ routeId: "shop", service: "pay", group: "pay", ...busy, ...change });
}

const NOW = 1_000_000;
const seconds = (count: number, readings: BreakerReading[]) =>
  Array.from({ length: count }, (_, n) => ({ atMs: NOW - (count - 1 - n) * 1000, readings }));
const build = (input: Partial<FleetInput>) =>
  buildFleetBreakers({ gateways: [], calls: [], transitions: [], nowMs: NOW, windowMs: 10_000, ...input });

describe("the fleet's breakers", () => {
  it("are one for each command, with each gateway's reading and the offered rate of all, refused calls included", () => {
    const gateways = ["a", "b"].map((gatewayId) => {
      const own = reading({ counts: { success: 3, "short-circuited": 2 } });
      return { gatewayId, latest: [own], seconds: seconds(30, [own]) };
    });
    const breakers = build({ gateways });
    expect(breakers).toHaveLength(1);
    expect(breakers[0]).toMatchObject({ key: "shop->pay", offeredPerSecond: 10 });
    expect(breakers[0]?.gateways.map((gateway) => gateway.gatewayId)).toEqual(["a", "b"]);
    expect(breakers[0]?.history).toHaveLength(30);
    expect(breakers[0]?.history.at(-1)).toEqual({
      atMs: NOW,
      counts: { success: 6, "short-circuited": 4 },
      fallbackServed: 2,
    });
  });

  it("keep a minute of history, oldest first", () => {
    const history =
      build({ gateways: [{ gatewayId: "a", latest: [reading()], seconds: seconds(90, [reading()]) }] })[0]?.history ??
      [];
    expect(history).toHaveLength(60);
    expect(history.map(({ atMs }) => atMs)).toEqual(history.map(({ atMs }) => atMs).toSorted((x, y) => x - y));
  });

  it("of a silent gateway stay as last seen, while the rates go down to nothing", () => {
    const past = seconds(10, [reading()]).map(({ atMs, readings }) => ({ atMs: atMs - 20_000, readings }));
    const [breaker] = build({ gateways: [{ gatewayId: "a", latest: [reading({ state: "open" })], seconds: past }] });
    expect(breaker).toMatchObject({ offeredPerSecond: 0, p95Ms: null });
    expect(breaker?.gateways[0]?.reading.state).toBe("open");
  });

  it("show their own transitions, a service's for each of its commands, at most twenty", () => {
    const transition = (target: BreakerTransition["target"], n: number) =>
      ({ gatewayId: "a", atMs: n, target, from: "closed", to: "open", cause: "", percent: null }) as const;
    const transitions = [
      transition({ kind: "command", routeId: "shop", service: "pay" }, 3),
      transition({ kind: "command", routeId: "other", service: "pay" }, 2),
      transition({ kind: "service", service: "pay" }, 1),
      transition({ kind: "service", service: "cart" }, 0),
    ];
    const gateways = [{ gatewayId: "a", latest: [reading()], seconds: [] }];
    expect(build({ gateways, transitions })[0]?.transitions.map(({ atMs }) => atMs)).toEqual([3, 1]);
    const many = Array.from({ length: 50 }, (_, n) => transition({ kind: "service", service: "pay" }, 50 - n));
    expect(build({ gateways, transitions: many })[0]?.transitions).toHaveLength(20);
  });
});
