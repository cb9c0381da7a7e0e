import { describe, expect, it } from "vitest";
import { aNode, anEdge, layoutOf } from "./graph-samples.ts";
import { buildScene } from "./scene.ts";

const BOX = { x: 0, y: 0, width: 180, height: 76 };
const model = {
  nodes: [
    aNode("inner", { parent: "outer" }),
    aNode("outer", { expanded: true, parent: "top" }),
    aNode("top", { expanded: true }),
  ],
  edges: [anEdge("inner", "top"), anEdge("top", "inner", { health: "failing" })],
};
const layout = layoutOf(model, { inner: BOX, outer: { ...BOX, x: 300 }, top: { ...BOX, x: 600 } });

describe("the scene", () => {
  it("has boxes that hold others from the outermost inwards", () => {
    const scene = buildScene(model, layout, null);
    expect(scene.holders.map((at) => scene.nodes[at]?.id)).toEqual(["top", "outer"]);
    expect(scene.leaves.map((at) => scene.nodes[at]?.id)).toEqual(["inner"]);
  });

  it("draws what fails over what does not, and has each arrow in one batch", () => {
    const scene = buildScene(model, layout, null);
    const order = scene.batches.flatMap(({ edges }) => edges.map((at) => scene.edges[at]?.health));
    expect(order).toEqual(["healthy", "failing"]);
  });

  it("leaves out what the layout has no place for yet", () => {
    const scene = buildScene({ ...model, nodes: [...model.nodes, aNode("new")] }, layout, null);
    expect(scene.nodeIndex.has("new")).toBe(false);
  });

  it("keeps places while only figures change, and finds new ones when elements do", () => {
    const first = buildScene(model, layout, null);
    const later = { ...model, nodes: model.nodes.map((node) => ({ ...node, requestsPerSecond: 99 })) };
    const second = buildScene(later, layout, first);
    expect(second.nodeGrid).toBe(first.nodeGrid);
    expect(second.nodes[0]?.requestsPerSecond).toBe(99);
    const fewer = { ...model, edges: model.edges.slice(1) };
    const third = buildScene(fewer, layout, second);
    expect(third.edgeGrid).not.toBe(second.edgeGrid);
    expect(third.edgeIndex.size).toBe(1);
  });

  it("does not hang on parents that go round in a circle", () => {
    const circle = { nodes: [aNode("inner", { parent: "outer" }), aNode("outer", { parent: "inner" })], edges: [] };
    expect(buildScene(circle, layout, null).leaves).toHaveLength(2);
  });
});
