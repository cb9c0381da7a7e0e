import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Rect } from "../layout/layout-types.ts";
import { overlap } from "./camera.ts";
import { spatialGrid, type SpatialGrid } from "./spatial-grid.ts";

const BOUNDS: Rect = { x: -100, y: 0, width: 5000, height: 3000 };

function gridOf(boxes: readonly Rect[]): SpatialGrid {
  return spatialGrid(BOUNDS, boxes.length, (item, cover) => {
    const box = boxes[item];
    if (box !== undefined) cover(box.x, box.y, box.x + box.width, box.y + box.height);
  });
}

function found(grid: SpatialGrid, box: Rect): number[] {
  const items: number[] = [];
  grid.query(box, (item) => items.push(item));
  return items;
}

const aBox = fc.record({
  x: fc.integer({ min: -1000, max: 6000 }),
  y: fc.integer({ min: -1000, max: 4000 }),
  width: fc.integer({ min: 1, max: 900 }),
  height: fc.integer({ min: 1, max: 900 }),
});

describe("the spatial grid", () => {
  it("finds every item that overlaps a box, each once, also beyond its bounds", () => {
    fc.assert(
      fc.property(fc.array(aBox, { maxLength: 60 }), aBox, (boxes, asked) => {
        const items = found(gridOf(boxes), asked);
        expect(new Set(items).size).toBe(items.length);
        const missed = boxes.filter((box, at) => overlap(box, asked) && !items.includes(at));
        expect(missed).toEqual([]);
      }),
    );
  });

  it("leaves out what is far away", () => {
    const boxes = Array.from({ length: 100 }, (_, at) => ({ x: at * 49, y: 0, width: 20, height: 20 }));
    expect(found(gridOf(boxes), { x: 0, y: 0, width: 30, height: 30 }).length).toBeLessThan(8);
  });

  it("finds an item of several boxes by each, and not between them", () => {
    const grid = spatialGrid(BOUNDS, 1, (_, cover) => {
      cover(0, 0, 10, 10);
      cover(2000, 2000, 2010, 2010);
    });
    expect(found(grid, { x: 0, y: 0, width: 5, height: 5 })).toEqual([0]);
    expect(found(grid, { x: 2000, y: 2000, width: 5, height: 5 })).toEqual([0]);
    expect(found(grid, { x: 1000, y: 1000, width: 5, height: 5 })).toEqual([]);
  });

  it("holds nothing when there is nothing", () => {
    expect(
      found(
        spatialGrid({ x: 0, y: 0, width: 0, height: 0 }, 0, () => {}),
        BOUNDS,
      ),
    ).toEqual([]);
  });
});
