import { describe, expect, it } from "vitest";
import { createSvgPen } from "../export/svg-pen.ts";
import type { GraphModel, GraphNode } from "../model/graph-model.ts";
import { labelPlaces } from "./edge-labels.ts";
import { aNode, anEdge, layoutOf } from "./graph-samples.ts";
import { paintScene, type Picture } from "./paint-scene.ts";
import { SAMPLE_PALETTE } from "./sample-palette.ts";
import { buildScene } from "./scene.ts";

const BOX = { x: 0, y: 0, width: 188, height: 76 };
const measure = (_: string, text: string): number => text.length * 6;

function pictureOf(model: GraphModel, over: Partial<Picture> = {}): Picture {
  const boxes = Object.fromEntries(model.nodes.map(({ id }, at) => [id, { ...BOX, x: at * 500 }]));
  const scene = buildScene(model, layoutOf(model, boxes), null);
  const labels = labelPlaces(scene, createSvgPen(measure), SAMPLE_PALETTE, new Map());
  const area = { x: -100, y: -100, width: 5000, height: 500 };
  return { scene, labels, area, palette: SAMPLE_PALETTE, pinned: new Set(), bright: null, scale: 1, ...over };
}

/** Elements that were painted. */
function painted(picture: Picture): string[] {
  const pen = createSvgPen(measure);
  for (const _ of paintScene(pen, picture));
  return pen.elements().split("\n");
}

function words(picture: Picture): string[] {
  return painted(picture).flatMap((element) => />([^<]+)<\/text>/.exec(element)?.[1] ?? []);
}

function withNode(over: Partial<GraphNode>): GraphModel {
  return { nodes: [aNode("orders", over)], edges: [] };
}

describe("detail by scale", () => {
  const model = { nodes: [aNode("orders"), aNode("payments")], edges: [anEdge("orders", "payments")] };

  it("shows cards in full and labels from close by", () => {
    expect(words(pictureOf(model))).toEqual(expect.arrayContaining(["orders", "10.0/s", "2 instances"]));
    expect(words(pictureOf(model)).filter((word) => word === "10.0/s")).toHaveLength(3);
  });

  it("shows names and what has room from some way off, in letters that can be read", () => {
    const far = painted(pictureOf(model, { scale: 0.25 })).filter((element) => element.includes("<text"));
    expect(far.map((element) => />([^<]+)</.exec(element)?.[1])).toEqual(["orders", "payments"]);
    expect(Number(/font-size="([\d.]+)"/.exec(far[0] ?? "")?.[1]) * 0.25).toBeGreaterThan(8.5);
  });

  it("shows spots of colour from far off, trouble in full strength", () => {
    const sick = { nodes: [aNode("orders"), aNode("payments", { health: "failing" as const })], edges: [] };
    const spots = painted(pictureOf(sick, { scale: 0.03 }));
    expect(words(pictureOf(sick, { scale: 0.03 }))).toEqual([]);
    expect(spots.some((spot) => spot.includes(SAMPLE_PALETTE.good) && spot.includes('opacity="0.5"'))).toBe(true);
    expect(spots.some((spot) => spot.includes(SAMPLE_PALETTE.bad) && !spot.includes("opacity"))).toBe(true);
  });

  it("draws no more lines from far off than can be told apart, and all that fail", () => {
    const edges = Array.from({ length: 14_000 }, (_, at) =>
      anEdge("orders", "payments", { id: at.toString(), health: at < 500 ? "failing" : "healthy" }),
    );
    const paths = painted(pictureOf({ ...model, edges }, { scale: 0.03 }));
    const lines = (color: string): number =>
      paths
        .filter((path) => path.includes(`stroke="${color}"`))
        .reduce((sum, path) => sum + path.split("M").length - 1, 0);
    expect(lines(SAMPLE_PALETTE.bad)).toBe(500);
    expect(lines(SAMPLE_PALETTE.lineStrong)).toBeLessThan(12_000);
  });
});

describe("what is painted", () => {
  it("is only what lies in the area", () => {
    const model = { nodes: [aNode("orders"), aNode("payments"), aNode("far")], edges: [] };
    const area = { x: -10, y: -10, width: 300, height: 100 };
    expect(words(pictureOf(model, { area }))).not.toContain("far");
    expect(words(pictureOf(model, { area }))).toContain("orders");
  });

  it("dims what was not found", () => {
    const model = { nodes: [aNode("orders"), aNode("payments")], edges: [] };
    const elements = painted(pictureOf(model, { bright: new Set(["orders"]) }));
    const element = (name: string): string => elements.find((one) => one.includes(`>${name}<`)) ?? "";
    expect(element("orders")).not.toContain("opacity");
    expect(element("payments")).toContain('opacity="0.32"');
  });

  it("says the state of a breaker in a word, an override's as such", () => {
    const state = (breaker: GraphNode["breaker"]): string[] => words(pictureOf(withNode({ breaker })));
    expect(state({ state: "open", override: null })).toContain("Open");
    expect(state({ state: "closed", override: "forced-open" })).toContain("Forced open");
    expect(state({ state: "half-open", override: null })).toContain("Half-open");
    expect(state({ state: "closed", override: null })).not.toContain("Closed");
  });

  it("says that a service stands in for another", () => {
    expect(words(pictureOf(withNode({ servingAsBackup: true })))).toContain("as backup");
  });

  it("marks each kind of difference by a sign of its own", () => {
    const kinds = ["added", "gone", "worse", "better", "more", "less"] as const;
    const plain = new Set(painted(pictureOf(withNode({}))));
    const signs = kinds.map((change) =>
      painted(pictureOf(withNode({ change })))
        .filter((element) => !plain.has(element))
        .map((element) => / d="([^"]+)"/.exec(element)?.[1])
        .join(),
    );
    expect(new Set(signs).size).toBe(kinds.length);
  });

  it("shows health by a sign, not by colour alone", () => {
    const healths = ["healthy", "degraded", "failing", "idle"] as const;
    const shapes = healths.map((health) =>
      painted(pictureOf(withNode({ health })))
        .filter((element) => element.includes("<path"))
        .map((element) => `${/ d="([^"]+)"/.exec(element)?.[1] ?? ""}${/dasharray/.exec(element)?.[0] ?? ""}`)
        .join(),
    );
    expect(new Set(shapes).size).toBe(healths.length);
  });
});
