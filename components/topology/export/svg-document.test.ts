import { describe, expect, it } from "vitest";
import { aNode, anEdge, layoutOf } from "../canvas/graph-samples.ts";
import { SAMPLE_PALETTE } from "../canvas/sample-palette.ts";
import { svgDocument } from "./svg-document.ts";
import { escapeXml } from "./xml.ts";

const HOSTILE = `</text><script>alert(1)</script>"'&]]>\u0000\u001b\ud800`;
const WIDE = { x: 0, y: 0, width: 2000, height: 76 };

function documentOf(name: string): string {
  const model = {
    nodes: [aNode("a", { label: name, note: name, description: name }), aNode("b", { change: "added" })],
    edges: [anEdge("a", "b", { label: [name], description: name, health: "failing" })],
  };
  const layout = layoutOf(model, { a: WIDE, b: { ...WIDE, x: 6000, width: 180 } });
  return svgDocument(model, layout, SAMPLE_PALETTE, (_, text) => text.length * 7);
}

/**
 * Reads XML as strictly as a browser does with a file: tags must match, attributes be quoted, and no stray sign of
 * markup stand in a text. Returns the names of all elements, and all texts.
 */
function parseXml(source: string): { readonly names: string[]; readonly texts: string[] } {
  const names: string[] = [];
  const texts: string[] = [];
  const open: string[] = [];
  let rest = source;
  while (rest !== "") {
    const tag = /^<(\/?)([a-z]+)((?: [a-zA-Z-]+="[^"<]*")*)(\/?)>/.exec(rest);
    const text = tag === null ? /^[^<>]+/.exec(rest) : null;
    const taken = tag?.[0] ?? text?.[0];
    if (taken === undefined) throw new Error(`Not well-formed at: ${rest.slice(0, 60)}`);
    if (/&(?!(?:amp|lt|gt|quot|#39);)/.test(taken)) throw new Error(`A bare & in: ${taken.slice(0, 60)}`);
    if (tag?.[1] === "/" && open.pop() !== tag[2]) throw new Error(`Closed too early: ${taken}`);
    if (tag !== null && tag[1] === "") {
      names.push(tag[2] ?? "");
      if (tag[4] === "") open.push(tag[2] ?? "");
    }
    if (text !== null) texts.push(taken);
    rest = rest.slice(taken.length);
  }
  if (open.length > 0) throw new Error(`Never closed: ${open.join(", ")}`);
  return { names, texts };
}

describe("the graph as SVG", () => {
  it("is well-formed and holds names as texts that can be selected", () => {
    const { names, texts } = parseXml(documentOf("orders"));
    expect(texts).toContain("orders");
    expect(names[0]).toBe("svg");
    expect(new Set(names)).toEqual(new Set(["svg", "rect", "g", "title", "path", "text"]));
  });

  it("takes no markup from names, whatever they hold", () => {
    const { names, texts } = parseXml(documentOf(HOSTILE));
    expect(names).not.toContain("script");
    expect(texts).toContain(escapeXml(HOSTILE));
  });

  it("holds no character that XML cannot have", () => {
    expect(documentOf(HOSTILE)).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800]/);
    expect(escapeXml("\ud800\u0007")).toBe("\ufffd\ufffd");
  });

  it("draws each element by itself, under the words that describe it", () => {
    const { names } = parseXml(documentOf("orders"));
    expect(names.filter((name) => name === "title")).toHaveLength(3);
  });

  it("shows all of the graph, with room around it", () => {
    expect(documentOf("orders")).toContain('viewBox="-32 -32 6244 140"');
  });
});
