import { describe, expect, it } from "vitest";
import { between, common, fitTo, holds, inView, panBy, reveal, seenBy, toDrawing, zoomAt } from "./camera.ts";

const SIZE = { width: 1000, height: 600 };
const CAMERA = { x: 40, y: -20, scale: 0.5 };

describe("the camera", () => {
  it("keeps what is under the pointer there while zooming", () => {
    const anchor = { x: 320, y: 210 };
    const before = toDrawing(CAMERA, anchor);
    const after = toDrawing(zoomAt(CAMERA, anchor, 1.7), anchor);
    expect(after.x).toBeCloseTo(before.x);
    expect(after.y).toBeCloseTo(before.y);
  });

  it("does not zoom beyond its limits, nor move when it has reached one", () => {
    const far = zoomAt(CAMERA, { x: 10, y: 10 }, 1e9);
    expect(far.scale).toBe(2);
    expect(zoomAt(far, { x: 500, y: 500 }, 2)).toEqual(far);
  });

  it("shows all of a graph, centred and never larger than life", () => {
    const small = fitTo({ x: 100, y: 100, width: 200, height: 100 }, SIZE);
    expect(small.scale).toBe(1);
    const bounds = { x: -300, y: 50, width: 9000, height: 4000 };
    expect(holds(seenBy(fitTo(bounds, SIZE), SIZE), bounds)).toBe(true);
  });

  it("starts at the left end where the whole could not be read", () => {
    const bounds = { x: 0, y: 0, width: 20_000, height: 400 };
    const camera = fitTo(bounds, SIZE, 0.5);
    expect(camera.scale).toBe(0.5);
    expect(inView(camera, bounds).x).toBeGreaterThan(0);
  });

  it("shows a view of no size, or a graph without extent, at scale 1", () => {
    expect(fitTo({ x: 0, y: 0, width: 0, height: 0 }, SIZE).scale).toBe(1);
    expect(fitTo({ x: 0, y: 0, width: 10, height: 10 }, { width: 0, height: 0 }).scale).toBe(1);
  });
});

describe("bringing something into view", () => {
  it("does nothing when it is there already", () => {
    expect(reveal(CAMERA, SIZE, { x: 0, y: 100, width: 200, height: 80 })).toBe(CAMERA);
  });

  it("moves no further than needed, at the same scale", () => {
    const box = { x: 4000, y: 100, width: 200, height: 80 };
    const camera = reveal(CAMERA, SIZE, box);
    expect(camera.scale).toBe(CAMERA.scale);
    expect(camera.y).toBe(CAMERA.y);
    expect(holds({ x: 0, y: 0, ...SIZE }, inView(camera, box))).toBe(true);
  });

  it("comes closer when its name could not be read", () => {
    const box = { x: 40_000, y: 100, width: 200, height: 80 };
    const camera = reveal({ x: 0, y: 0, scale: 0.05 }, SIZE, box);
    expect(camera.scale).toBeGreaterThan(0.5);
    expect(holds({ x: 0, y: 0, ...SIZE }, inView(camera, box))).toBe(true);
  });

  it("shows the start of a box that is larger than the view", () => {
    const shown = inView(reveal(CAMERA, SIZE, { x: 5000, y: 0, width: 8000, height: 9000 }), {
      x: 5000,
      y: 0,
      width: 8000,
      height: 9000,
    });
    expect(shown.x).toBeGreaterThan(0);
    expect(shown.x).toBeLessThan(100);
  });
});

describe("the way from one camera to another", () => {
  it("begins and ends at them, and keeps a common point still on the way", () => {
    const to = zoomAt(CAMERA, { x: 300, y: 200 }, 3);
    expect(between(CAMERA, to, 0).x).toBeCloseTo(CAMERA.x);
    expect(between(CAMERA, to, 1)).toBe(to);
    const fixed = toDrawing(CAMERA, { x: 300, y: 200 });
    const shown = inView(between(CAMERA, to, 0.4), { ...fixed, width: 0, height: 0 });
    expect(shown.x).toBeCloseTo(300);
    expect(shown.y).toBeCloseTo(200);
  });

  it("moves evenly when the scale stays", () => {
    expect(between(CAMERA, panBy(CAMERA, 100, 0), 0.25).x).toBeCloseTo(CAMERA.x + 25);
  });
});

it("finds what two boxes share", () => {
  expect(common({ x: 0, y: 0, width: 10, height: 10 }, { x: 5, y: -5, width: 10, height: 10 })).toEqual({
    x: 5,
    y: 0,
    width: 5,
    height: 5,
  });
  expect(common({ x: 0, y: 0, width: 1, height: 1 }, { x: 5, y: 5, width: 1, height: 1 }).width).toBe(0);
});
