import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Rect } from "../layout/layout-types.ts";
import { overlap } from "./camera.ts";
import { placeLabels, type LabelWish } from "./label-placement.ts";

const SIZE = { width: 90, height: 34 };

function level(id: string, y: number, length = 600): LabelWish {
  return { id, size: SIZE, way: Float32Array.of(0, y, length, y) };
}

function centre(box: Rect | undefined): { x: number; y: number } | null {
  return box === undefined ? null : { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

describe("placing labels", () => {
  it("puts a label on the middle of its line", () => {
    const placed = placeLabels({ labels: [level("a", 100)], obstacles: [], kept: new Map() });
    expect(centre(placed.get("a"))).toEqual({ x: 300, y: 100 });
  });

  it("moves along the line rather than over a box or another label", () => {
    const box = { x: 280, y: 60, width: 60, height: 80 };
    const placed = placeLabels({ labels: [level("a", 100), level("b", 110)], obstacles: [box], kept: new Map() });
    const [a, b] = [placed.get("a"), placed.get("b")];
    expect(a !== undefined && b !== undefined && !overlap(a, box) && !overlap(b, box) && !overlap(a, b)).toBe(true);
    expect(centre(a)?.y).toBe(100);
  });

  it("leaves out the less important ones when there is not room for all", () => {
    const labels = Array.from({ length: 40 }, (_, at) => level(`e${at.toString()}`, 100, 200));
    const placed = placeLabels({ labels, obstacles: [], kept: new Map() });
    expect(placed.has("e0")).toBe(true);
    expect(placed.size).toBeLessThan(4);
  });

  it("keeps a label where it is while figures change, even when the middle has become free", () => {
    const first = placeLabels({ labels: [level("a", 100), level("b", 105)], obstacles: [], kept: new Map() });
    const wider = { ...level("b", 105), size: { width: 102, height: 34 } };
    const second = placeLabels({ labels: [wider], obstacles: [], kept: first });
    expect(centre(second.get("b"))).toEqual(centre(first.get("b")));
    expect(centre(first.get("b"))?.x).not.toBe(300);
  });

  it("does not keep a label where its line no longer is", () => {
    const first = placeLabels({ labels: [level("a", 100)], obstacles: [], kept: new Map() });
    const second = placeLabels({ labels: [level("a", 400)], obstacles: [], kept: first });
    expect(centre(second.get("a"))?.y).toBe(400);
  });

  it("never lets labels overlap, whatever the lines", () => {
    const aLine = fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 4, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(aLine, { maxLength: 30 }), (lines) => {
        const labels = lines.map((line, at) => ({
          id: at.toString(),
          size: SIZE,
          way: Float32Array.from(line.slice(0, line.length - (line.length % 2))),
        }));
        const boxes = [...placeLabels({ labels, obstacles: [], kept: new Map() }).values()];
        const clashes = boxes.filter((box, at) => boxes.slice(at + 1).some((other) => overlap(box, other)));
        expect(clashes).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});
