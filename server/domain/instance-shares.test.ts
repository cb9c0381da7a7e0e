import { describe, expect, it } from "vitest";
import { shareOut, type Sharer } from "./instance-shares.ts";

const one = (change: Partial<Sharer> = {}): Sharer => ({
  weight: 100,
  local: false,
  healthy: true,
  sinceMs: Number.NEGATIVE_INFINITY,
  ...change,
});
const PLAIN = { panicPercent: 50, slowStartMs: 0 };
const near = (healthy: boolean): Sharer => one({ local: true, healthy });
const far = (healthy = true): Sharer => one({ healthy });

describe("sharing out among instances", () => {
  it("leaves unhealthy ones out until fewer than the threshold are healthy: then all are used", () => {
    const half = [one(), one({ healthy: false })];
    expect(shareOut(half, PLAIN, 0)).toMatchObject({ weights: [100, 0], panic: false });
    const third = [...half, one({ healthy: false })];
    expect(shareOut(third, PLAIN, 0)).toMatchObject({ weights: [100, 100, 100], panic: true });
    expect(shareOut(third, { ...PLAIN, panicPercent: 0 }, 0).weights).toEqual([100, 0, 0]);
    const none = [one({ healthy: false })];
    expect(shareOut(none, PLAIN, 0).weights).toEqual([100]);
    expect(shareOut(none, { ...PLAIN, panicPercent: 0 }, 0).weights).toEqual([0]);
    expect(shareOut([], PLAIN, 0).weights).toEqual([]);
  });

  it("lets a new instance's share grow evenly from a tenth to all", () => {
    const settings = { ...PLAIN, slowStartMs: 10_000 };
    const shareAt = (nowMs: number) => shareOut([one(), one({ sinceMs: 1000 })], settings, nowMs);
    expect(shareAt(1000)).toMatchObject({ weights: [100, 10], growing: true });
    expect(shareAt(6000).weights[1]).toBeCloseTo(55);
    expect(shareAt(11_000)).toMatchObject({ weights: [100, 100], growing: false });
  });
});

describe("preferring instances where the gateway is", () => {
  it("sends nothing elsewhere while enough of the local ones are healthy", () => {
    expect(shareOut([near(true), near(true), far()], PLAIN, 0).weights).toEqual([100, 100, 0]);
    // 3 of 4: 1.4 × 75 % is more than all.
    const most = shareOut([near(true), near(true), near(true), near(false), far()], PLAIN, 0);
    expect(most.weights).toEqual([100, 100, 100, 0, 0]);
  });

  it("spills over what the local ones lack, in proportion", () => {
    const { weights, localShare } = shareOut([near(true), near(false), far(), far()], PLAIN, 0);
    expect(localShare).toBeCloseTo(0.7);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    expect(weights.map((weight) => weight / total)).toEqual([0.7, 0, 0.15, 0.15].map((share) => expect.closeTo(share)));
  });

  it("lets a new local instance warm up before it takes all", () => {
    const fresh = one({ local: true, sinceMs: 0 });
    const { localShare } = shareOut([fresh, far()], { ...PLAIN, slowStartMs: 1000 }, 0);
    expect(localShare).toBeCloseTo(0.14);
  });

  it("goes elsewhere when none is here or none here is healthy, and stays when nobody else is", () => {
    expect(shareOut([far(), far()], PLAIN, 0)).toMatchObject({ weights: [100, 100], localShare: 1 });
    expect(shareOut([near(false), far()], PLAIN, 0).weights).toEqual([0, 100]);
    expect(shareOut([near(true), far(false)], PLAIN, 0).weights).toEqual([100, 0]);
    expect(shareOut([near(true), near(false)], PLAIN, 0).weights).toEqual([100, 0]);
  });

  it("is given up in panic", () => {
    const { weights, panic } = shareOut(
      [near(true), near(false), near(false), far()],
      { ...PLAIN, panicPercent: 60 },
      0,
    );
    expect([panic, weights]).toEqual([true, [100, 100, 100, 100]]);
  });
});
