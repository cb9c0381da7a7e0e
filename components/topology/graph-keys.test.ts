import { describe, expect, it } from "vitest";
import { moveFocus } from "./graph-keys.ts";
import { layoutTopology } from "./layout.ts";
import { fitTo, zoomAt } from "./viewport.ts";

const EDGES = ["a→b", "a→c", "b→d", "c→d"].map((id) => ({ id, from: id.charAt(0), to: id.charAt(2) }));
const LAYOUT = layoutTopology(["a", "b", "c", "d"], EDGES);

describe("moveFocus", () => {
  it("walks along calls, node by edge by node, and back", () => {
    const first = moveFocus(LAYOUT, EDGES, "a", "ArrowRight");
    expect(["a→b", "a→c"]).toContain(first);
    expect(moveFocus(LAYOUT, EDGES, "a→b", "ArrowRight")).toBe("b");
    expect(moveFocus(LAYOUT, EDGES, "a→b", "ArrowLeft")).toBe("a");
  });

  it("reaches every edge of a caller and every node of a column", () => {
    const [upper, lower] = ["b", "c"].toSorted(
      (one, other) => (LAYOUT.nodes.get(one)?.y ?? 0) - (LAYOUT.nodes.get(other)?.y ?? 0),
    );
    expect(moveFocus(LAYOUT, EDGES, `a→${upper ?? ""}`, "ArrowDown")).toBe(`a→${lower ?? ""}`);
    expect(moveFocus(LAYOUT, EDGES, upper ?? "", "ArrowDown")).toBe(lower);
  });

  it("stays where there is nothing further", () => {
    expect(moveFocus(LAYOUT, EDGES, "a", "ArrowLeft")).toBe("a");
    expect(moveFocus(LAYOUT, EDGES, "d", "ArrowRight")).toBe("d");
    expect(moveFocus(LAYOUT, EDGES, "a", "ArrowUp")).toBe("a");
  });
});

describe("the part of the drawing that is seen", () => {
  it("keeps the point under the pointer while zooming", () => {
    const before = { x: 10, y: 20, scale: 1 };
    const after = zoomAt(before, { x: 110, y: 220 }, 1.5);
    expect((110 - after.x) / after.scale).toBeCloseTo((110 - before.x) / before.scale);
    expect((220 - after.y) / after.scale).toBeCloseTo((220 - before.y) / before.scale);
  });

  it("shows all of a drawing that is larger than the screen, and never blows up a small one", () => {
    const bounds = { x: 0, y: -500, width: 4000, height: 1000 };
    const view = fitTo(bounds, { width: 800, height: 600 });
    expect(view.x).toBeGreaterThanOrEqual(0);
    expect(view.x + bounds.width * view.scale).toBeLessThanOrEqual(800);
    expect(fitTo({ x: 0, y: 0, width: 10, height: 10 }, { width: 800, height: 600 }).scale).toBe(1);
  });

  it("starts a drawing that would be unreadable at its left end", () => {
    const view = fitTo({ x: 100, y: 0, width: 4000, height: 100 }, { width: 400, height: 600 }, 0.6);
    expect(view.scale).toBe(0.6);
    expect(100 * view.scale + view.x).toBeGreaterThanOrEqual(0);
    expect(100 * view.scale + view.x).toBeLessThan(50);
  });
});
