import { describe, expect, it } from "vitest";
import { compare, median } from "./measure.ts";

describe("median", () => {
  it("is the middle figure, by size and not by place", () => {
    expect(median([30, 1, 200])).toBe(30);
  });

  it("is the mean of the middle two when their number is even", () => {
    expect(median([4, 1, 100, 2])).toBe(3);
  });

  it("leaves its input as it was", () => {
    const figures = [3, 1, 2];
    median(figures);
    expect(figures).toEqual([3, 1, 2]);
  });

  it("of nothing is not a number", () => {
    expect(median([])).toBeNaN();
  });
});

describe("compare", () => {
  it("takes turns: A B A B, warm-ups included", async () => {
    const order: string[] = [];
    await compare({
      ours: () => order.push("ours"),
      peers: { theirs: () => order.push("theirs") },
      rounds: 2,
      warmUps: 1,
    });
    expect(order).toEqual(["ours", "theirs", "ours", "theirs", "ours", "theirs"]);
  });

  it("does not count warm-ups, and gives the median of the rest", async () => {
    const ours = [1000, 3, 1, 2].values();
    const theirs = [1000, 9, 7, 8].values();
    const medians = await compare({
      ours: () => ours.next().value ?? 0,
      peers: { theirs: async () => theirs.next().value ?? 0 },
      rounds: 3,
      warmUps: 1,
    });
    expect(medians).toEqual({ ours: 2, peers: { theirs: 8 } });
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    "refuses %d as a figure, and says whose it is",
    async (figure) => {
      await expect(compare({ ours: () => 1, peers: { theirs: () => figure } })).rejects.toThrow(
        `theirs measured ${figure}.`,
      );
    },
  );
});
