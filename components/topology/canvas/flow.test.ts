import { describe, expect, it } from "vitest";
import { dotCount, flowSpeed, isErrorDot, paintFlow, type Progress } from "./flow.ts";
import { aNode, anEdge, layoutOf } from "./graph-samples.ts";
import { SAMPLE_PALETTE } from "./sample-palette.ts";
import { createSvgPen } from "../export/svg-pen.ts";
import { buildScene } from "./scene.ts";

describe("flowing dots", () => {
  it("are slower where calls take longer", () => {
    expect(flowSpeed(5)).toBeGreaterThan(flowSpeed(200));
    expect(flowSpeed(200)).toBeGreaterThan(flowSpeed(2000));
    expect(flowSpeed(1e9)).toBeGreaterThan(0);
  });

  it("are more where more flows, never too many, and none where nothing does", () => {
    expect(dotCount(0, 400)).toBe(0);
    expect(dotCount(0.01, 400)).toBe(1);
    expect(dotCount(200, 400)).toBeGreaterThan(dotCount(2, 400));
    expect(dotCount(1e9, 1e5)).toBe(7);
  });

  it("show about the share of errors, each dot the same all its way", () => {
    const errors = (ratio: number): number =>
      Array.from({ length: 5000 }, (_, at) => isErrorDot(at, ratio)).filter(Boolean).length / 5000;
    expect(errors(0)).toBe(0);
    expect(errors(0.3)).toBeGreaterThan(0.25);
    expect(errors(0.3)).toBeLessThan(0.35);
    expect(errors(1)).toBe(1);
    expect(isErrorDot(17, 0.5)).toBe(isErrorDot(17, 0.5));
  });
});

describe("painting them", () => {
  const model = {
    nodes: [aNode("a"), aNode("b"), aNode("c")],
    edges: [anEdge("a", "b"), anEdge("b", "c", { configuredOnly: true, requestsPerSecond: 0 })],
  };
  const box = { x: 0, y: 0, width: 100, height: 60 };
  const scene = buildScene(model, layoutOf(model, { a: box, b: { ...box, x: 500 }, c: { ...box, x: 1000 } }), null);
  const area = { x: -100, y: -100, width: 2000, height: 500 };

  function painted(scale: number, bright: ReadonlySet<string> | null, progress: Progress = new Map()): string {
    const pen = createSvgPen(() => 10);
    paintFlow(pen, scene, SAMPLE_PALETTE, { area, scale, bright }, progress, 33);
    return pen.elements();
  }

  it("draws dots on lines with traffic only, and moves them on", () => {
    const progress: Progress = new Map();
    const first = painted(1, null, progress);
    const second = painted(1, null, progress);
    expect(first).toContain('fill="#465262"');
    expect(second).not.toBe(first);
    expect([...progress.keys()]).toEqual(["a→b"]);
  });

  it("draws none from far off, nor on what is dimmed", () => {
    expect(painted(0.05, null)).toBe("");
    expect(painted(1, new Set())).toBe("");
  });
});
