import { describe, expect, it } from "vitest";
import { testReading } from "#domain/test-reading.ts";
import type { BreakerReading } from "#domain/traffic.ts";
import { FleetBreakers } from "./fleet-breakers.ts";
import { testWindow } from "./test-window.ts";
import { TransitionBook } from "./transition-book.ts";
import { WindowStore } from "./window-store.ts";

const BUSY = { counts: { success: 5 }, fallbackServed: 1, latency: [[80, 5]] satisfies [number, number][] };
const reading = (change: Partial<BreakerReading> = {}): BreakerReading =>
  testReading({ routeId: "shop", service: "pay", group: "pay", ...BUSY, ...change });

/** A fleet of gateways whose windows arrive 20 ms after their end. */
class Fleet {
  nowMs = 1_000_500;
  readonly breakers = new FleetBreakers();
  readonly book = new TransitionBook();
  readonly #stores = new Map<string, WindowStore>();
  #sequence = 0;

  second(readings: Readonly<Record<string, readonly BreakerReading[]>>, endMs = this.nowMs + 980): void {
    this.nowMs += 1000;
    for (const [gatewayId, own] of Object.entries(readings)) {
      const store = this.#stores.get(gatewayId) ?? new WindowStore();
      this.#stores.set(gatewayId, store);
      store.add(testWindow(gatewayId, (this.#sequence += 1), endMs, [...own]), this.nowMs);
    }
  }

  take() {
    const gateways = [...this.#stores].map(([gatewayId, store]) => ({
      gatewayId,
      windows: store.since(this.nowMs - 64_000),
      latest: store.latest(),
    }));
    const { nowMs } = this;
    return this.breakers.take({ gateways, calls: [], transitionsOf: (...key) => this.book.of(...key), nowMs });
  }
}

describe("the fleet's breakers", () => {
  it("are one for each command, with each gateway's reading and the offered rate of all, refused calls included", () => {
    const fleet = new Fleet();
    const own = reading({ counts: { success: 3, "short-circuited": 2 } });
    for (let n = 0; n < 30; n += 1) fleet.second({ a: [own], b: [own] });
    const breakers = fleet.take();
    expect(breakers).toHaveLength(1);
    expect(breakers[0]).toMatchObject({ key: "shop->pay", offeredPerSecond: 10 });
    expect(breakers[0]?.gateways.map((gateway) => gateway.gatewayId)).toEqual(["a", "b"]);
    expect(breakers[0]?.history.at(-1)).toMatchObject({
      counts: { success: 6, "short-circuited": 4 },
      fallbackServed: 2,
    });
  });

  it("say the same whether a picture is taken every second or once after many", () => {
    const [often, once] = [new Fleet(), new Fleet()];
    for (let n = 0; n < 90; n += 1) {
      const own = { a: [reading({ counts: { success: n } })], b: [reading({ counts: { timeout: n % 3 } })] };
      often.second(own);
      often.take();
      once.second(own);
    }
    expect(often.take()).toEqual(once.take());
  });

  it("keep a minute of history, a second after the other, whatever moment of a second the windows end at", () => {
    const fleet = new Fleet();
    fleet.nowMs = 1_000_000;
    for (let n = 0; n < 90; n += 1) {
      // The timer is a little early or late, so that ends lie on both sides of the turn of the second.
      fleet.second({ a: [reading()] }, fleet.nowMs + 980 + ((n * 7) % 40));
      fleet.take();
    }
    const history = fleet.take()[0]?.history ?? [];
    const [first = 0] = history.map(({ atMs }) => atMs);
    expect(history.map(({ atMs }) => atMs)).toEqual(Array.from({ length: 60 }, (_, n) => first + n * 1000));
    expect(history.every(({ counts }) => counts.success === 5)).toBe(true);
  });

  it("of a silent gateway stay as last seen, while rates and history go down to nothing", () => {
    const fleet = new Fleet();
    for (let n = 0; n < 10; n += 1) fleet.second({ a: [reading({ state: "open" })] });
    fleet.nowMs += 20_000;
    expect(fleet.take()[0]).toMatchObject({ offeredPerSecond: 0, p95Ms: null });
    expect(fleet.take()[0]?.gateways[0]?.reading.state).toBe("open");
    fleet.nowMs += 60_000;
    expect(fleet.take()[0]?.history).toEqual([]);
  });

  it("count the windows that a gateway had kept while it could not be reached, in the seconds they are of", () => {
    const fleet = new Fleet();
    for (let n = 0; n < 5; n += 1) fleet.second({ a: [reading()] });
    fleet.take();
    const lastEndMs = fleet.nowMs - 20;
    fleet.nowMs += 10_000;
    fleet.take();
    for (let n = 1; n <= 10; n += 1) {
      fleet.nowMs -= 1000;
      fleet.second({ a: [reading({ counts: { success: n } })] }, lastEndMs + n * 1000);
    }
    fleet.nowMs += 2000;
    const history = fleet.take()[0]?.history ?? [];
    expect(history.map(({ counts }) => counts.success)).toEqual([5, 5, 5, 5, 5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it("do not count a minute twice when the first windows had come out of a long buffer", () => {
    const fleet = new Fleet();
    const start = fleet.nowMs;
    for (let n = -39; n <= 0; n += 1) {
      fleet.nowMs = start - 1000;
      fleet.second({ a: [reading()] }, start + n * 1000);
      if (n % 10 === 0) fleet.take();
    }
    fleet.nowMs += 2000;
    const history = fleet.take()[0]?.history ?? [];
    expect(history).toHaveLength(40);
    expect(history.every(({ counts }) => counts.success === 5)).toBe(true);
  });

  it("are the same objects for as long as nothing changes, though moments differ by some ms", () => {
    const fleet = new Fleet();
    const idle = (n: number) => reading({ counts: {}, fallbackServed: 0, latency: [], sinceMs: 5000 + (n % 3) });
    for (let n = 0; n < 5; n += 1) fleet.second({ a: [idle(n)], b: [idle(n + 1)] });
    const [before] = fleet.take();
    fleet.second({ a: [idle(7)], b: [idle(9)] });
    expect(fleet.take()[0]).toBe(before);
    fleet.second({ a: [idle(0)], b: [reading({ counts: {}, fallbackServed: 0, latency: [], sinceMs: 9000 })] });
    const [after] = fleet.take();
    expect(after).not.toBe(before);
    expect(after?.gateways[0]).toBe(before?.gateways[0]);
  });

  it("leave with the last gateway that knows them", () => {
    const fleet = new Fleet();
    fleet.second({ a: [reading(), reading({ routeId: "other" })] });
    expect(fleet.take().map(({ key }) => key)).toEqual(["other->pay", "shop->pay"]);
    fleet.second({ a: [reading()] });
    expect(fleet.take().map(({ key }) => key)).toEqual(["shop->pay"]);
  });
});
