import { describe, expect, it } from "vitest";
import { aNode, anEdge, layoutOf } from "./graph-samples.ts";
import { hitTest, type Hit } from "./hit-test.ts";
import { pinOf, toggleOf } from "./paint-node.ts";
import { buildScene } from "./scene.ts";

const A = { x: 0, y: 0, width: 180, height: 76 };
const B = { x: 500, y: 0, width: 180, height: 76 };
const HOLDER = { x: 0, y: 300, width: 600, height: 300 };
const INNER = { x: 40, y: 360, width: 180, height: 60 };

const model = {
  nodes: [
    aNode("a"),
    aNode("b", { kind: "outside" }),
    aNode("holder", { expanded: true }),
    aNode("inner", { kind: "instance", parent: "holder" }),
  ],
  edges: [anEdge("a", "b"), anEdge("a", "inner")],
};
const scene = buildScene(model, layoutOf(model, { a: A, b: B, holder: HOLDER, inner: INNER }), null);
const NOTHING: ReadonlySet<string> = new Set();

function hit(
  x: number,
  y: number,
  over: { scale?: number; pinned?: ReadonlySet<string>; touch?: boolean } = {},
): Hit | null {
  return hitTest(scene, { x, y }, { scale: 1, pinned: NOTHING, touch: false, ...over });
}

function centreOf({ x, y, width, height }: typeof A): [number, number] {
  return [x + width / 2, y + height / 2];
}

describe("what is under the pointer", () => {
  it("is the box, the innermost of several", () => {
    expect(hit(20, 50)).toEqual({ part: "node", id: "a" });
    expect(hit(60, 380)).toEqual({ part: "node", id: "inner" });
    expect(hit(500, 560)).toEqual({ part: "node", id: "holder" });
  });

  it("is an arrow within a few px of its line, whatever the scale", () => {
    expect(hit(350, 43)).toEqual({ part: "edge", id: "a→b" });
    expect(hit(350, 60)).toBeNull();
    expect(hit(350, 60, { scale: 0.2 })).toEqual({ part: "edge", id: "a→b" });
  });

  it("is wider for a finger", () => {
    expect(hit(350, 49)).toBeNull();
    expect(hit(350, 49, { touch: true })).toEqual({ part: "edge", id: "a→b" });
  });

  it("is an arrow inside an open box rather than that box", () => {
    const inside = { nodes: [aNode("holder", { expanded: true }), aNode("c"), aNode("d")], edges: [anEdge("c", "d")] };
    const boxes = { holder: HOLDER, c: { ...INNER, width: 100 }, d: { ...INNER, x: 400, width: 100 } };
    const held = buildScene(inside, layoutOf(inside, boxes), null);
    const at = { x: 300, y: INNER.y + INNER.height / 2 };
    expect(hitTest(held, at, { scale: 1, pinned: NOTHING, touch: false })).toEqual({ part: "edge", id: "c→d" });
  });

  it("is the sign that opens a box, where there is one and it can be seen", () => {
    const [x, y] = centreOf(toggleOf(A));
    expect(hit(x, y)).toEqual({ part: "toggle", id: "a" });
    expect(hit(x, y, { scale: 0.2 })).toEqual({ part: "node", id: "a" });
    const [bx, by] = centreOf(toggleOf(B));
    expect(hit(bx, by)).toEqual({ part: "node", id: "b" });
  });

  it("is the pin of a pinned node", () => {
    const [x, y] = centreOf(pinOf(A));
    expect(hit(x, y, { pinned: new Set(["a"]) })).toEqual({ part: "pin", id: "a" });
    expect(hit(x, y)?.part).not.toBe("pin");
  });

  it("is nothing beside everything", () => {
    expect(hit(-500, -500)).toBeNull();
  });
});
