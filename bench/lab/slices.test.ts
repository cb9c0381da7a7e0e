import { describe, expect, it } from "vitest";
import { inTurn, isTooWide, isUndisturbed, spreadOf, type Slice, type Turns } from "./slices.ts";

const slice = (part: Partial<Slice> = {}): Slice => ({
  cpuUs: 20,
  perSecond: 40_000,
  foreignShare: 0,
  ownShare: 0.9,
  ...part,
});
const TURNS: Turns = { wanted: 3, attempts: 6, pinned: true, mayRepeat: () => true };

/** A contender whose slices are given; it fails when asked for more. */
function scripted(slices: readonly Slice[]): () => Promise<Slice> {
  const left = [...slices];
  return () => {
    const next = left.shift();
    return next === undefined ? Promise.reject(new Error("no slice left")) : Promise.resolve(next);
  };
}

describe("a slice", () => {
  it("is disturbed when others took an eighth of a core", () => {
    expect(isUndisturbed(slice({ foreignShare: 0.11 }), true)).toBe(true);
    expect(isUndisturbed(slice({ foreignShare: 0.13 }), true)).toBe(false);
  });

  it("counts all the same when the proxy had its pinned core to itself", () => {
    expect(isUndisturbed(slice({ foreignShare: 0.5, ownShare: 0.95 }), true)).toBe(true);
    expect(isUndisturbed(slice({ foreignShare: 0.5, ownShare: 0.95 }), false)).toBe(false);
  });
});

describe("inTurn", () => {
  it("measures in turn", async () => {
    const order: string[] = [];
    const named = (name: string, figures: number[]) => () => {
      order.push(name);
      return Promise.resolve(slice({ cpuUs: figures.shift() ?? 0 }));
    };
    const cells = await inTurn({ ours: named("ours", [30, 10, 20]), nginx: named("nginx", [7, 9, 8]) }, TURNS);
    expect(order).toEqual(["ours", "nginx", "ours", "nginx", "ours", "nginx"]);
    expect(cells["ours"]?.counted.map(({ cpuUs }) => cpuUs)).toEqual([30, 10, 20]);
    expect(cells["nginx"]?.counted.map(({ cpuUs }) => cpuUs)).toEqual([7, 9, 8]);
  });

  it("drops disturbed slices and measures those contenders again, and only those", async () => {
    const noise = slice({ foreignShare: 0.4, cpuUs: 99 });
    const cells = await inTurn(
      { ours: scripted([noise, slice(), slice(), noise, slice()]), nginx: scripted([slice(), slice(), slice()]) },
      TURNS,
    );
    expect(cells["ours"]).toMatchObject({ accepted: 3, dropped: 2, disturbed: false });
    expect(cells["ours"]?.counted.map(({ cpuUs }) => cpuUs)).toEqual([20, 20, 20]);
    expect(cells["nginx"]).toMatchObject({ accepted: 3, dropped: 0 });
  });

  it("gives up after so many attempts, stands on the least disturbed and says so", async () => {
    const slices = [0.9, 0.2, 0.3, 0.8, 0.4, 0.7].map((foreignShare) => slice({ foreignShare, cpuUs: foreignShare }));
    const cells = await inTurn({ ours: scripted(slices) }, TURNS);
    expect(cells["ours"]).toMatchObject({ accepted: 0, dropped: 6, disturbed: true });
    expect(cells["ours"]?.counted.map(({ cpuUs }) => cpuUs)).toEqual([0.2, 0.3, 0.4]);
  });

  it("measures nothing again once the time is up", async () => {
    const noise = slice({ foreignShare: 0.4 });
    const cells = await inTurn({ ours: scripted([noise, noise, noise]) }, { ...TURNS, mayRepeat: () => false });
    expect(cells["ours"]).toMatchObject({ dropped: 3, disturbed: true });
  });
});

describe("spreadOf", () => {
  it("is the median with the extremes", () => {
    expect(spreadOf([30, 10, 21])).toEqual({ median: 21, least: 10, most: 30 });
  });
});

describe("isTooWide", () => {
  it("is when a figure is more than 30 % off the median", () => {
    expect(isTooWide({ median: 100, least: 71, most: 129 })).toBe(false);
    expect(isTooWide({ median: 100, least: 100, most: 131 })).toBe(true);
    expect(isTooWide({ median: 100, least: 69, most: 100 })).toBe(true);
  });
});
