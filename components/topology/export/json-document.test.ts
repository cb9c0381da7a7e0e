import { describe, expect, it } from "vitest";
import { aNode, anEdge, layoutOf } from "../canvas/graph-samples.ts";
import { exportFileName } from "./file-name.ts";
import { jsonDocument } from "./json-document.ts";
import { imageScale } from "./png-image.ts";

const BOX = { x: 1, y: 2, width: 180, height: 76 };

it("holds all that is drawn, its figures and its places", () => {
  const model = { nodes: [aNode("a"), aNode("new")], edges: [anEdge("a", "a")] };
  const read: unknown = JSON.parse(jsonDocument(model, layoutOf(model, { a: BOX }), Date.UTC(2026, 10, 29)));
  expect(read).toEqual({
    format: "meshkeeper-graph",
    version: 1,
    takenAt: "2026-11-29T00:00:00.000Z",
    nodes: [
      { ...model.nodes[0], box: BOX },
      { ...model.nodes[1], box: null },
    ],
    edges: model.edges,
  });
});

it("names files by the moment, with nothing that a file system refuses", () => {
  expect(exportFileName("svg", Date.now())).toMatch(/^mesh-\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d\.svg$/);
});

describe("the scale of an image", () => {
  it("is twice the drawing's", () => {
    expect(imageScale({ x: 0, y: 0, width: 1000, height: 800 })).toBe(2);
  });

  it("is less where the browser would refuse so large an image", () => {
    for (const [width, height] of [
      [60_000, 500],
      [30_000, 30_000],
    ] as const) {
      const scale = imageScale({ x: 0, y: 0, width, height });
      expect(Math.max(width, height) * scale).toBeLessThanOrEqual(16_000);
      expect(width * height * scale * scale).toBeLessThanOrEqual(16_000_001);
    }
  });
});
