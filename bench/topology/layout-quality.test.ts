import { expect, it } from "vitest";
import { layoutGraph } from "#components/topology/layout/layout-graph.ts";
import { drawnCrossings } from "./layout-crossings.ts";
import { meshOf } from "./layout-mesh.ts";

/**
 * Crossings of elk's drawings (elkjs 0.12.1, layered, `drawWithElk`) of the same graphs, counted the same, on 29 November 2026:
 * services, calls, seed, crossings. To be taken anew when `meshOf` changes. The goal is 1.2 times as many; these graphs do better.
 */
const ELK = [
  [7, 10, 7, 1],
  [7, 10, 8, 0],
  [7, 10, 9, 2],
  [30, 60, 7, 79],
  [30, 60, 8, 84],
  [30, 60, 9, 165],
  [60, 120, 7, 357],
  [60, 120, 8, 400],
  [60, 120, 9, 402],
  [100, 500, 7, 13_279],
  [100, 500, 8, 13_420],
  [100, 500, 9, 13_276],
] as const;

it.each(ELK)("%i services with %i calls (mesh %i) are drawn with no more than elk's %i crossings", (...mesh) => {
  const [services, calls, seed, theirs] = mesh;
  const { nodes, edges } = meshOf(services, calls, seed);
  const layout = layoutGraph({ nodes, edges, pins: new Map(), previous: null });
  expect(layout.edges.size).toBe(calls);
  expect(drawnCrossings([...layout.edges.values()])).toBeLessThanOrEqual(theirs);
});

it("counts a crossing where two edges cross, and none where they meet or pass", () => {
  const falling = [0, 0, 10, 10];
  expect(drawnCrossings([falling, [0, 10, 10, 0]])).toBe(1);
  expect(drawnCrossings([falling, [0, 10, 4, 10, 6, 0, 10, 0]])).toBe(1);
  expect(drawnCrossings([falling, [10, 10, 20, 0]])).toBe(0);
  expect(drawnCrossings([falling, [0, 5, 10, 15]])).toBe(0);
  expect(drawnCrossings([falling, falling])).toBe(0);
});
