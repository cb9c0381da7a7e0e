import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aNode, anEdge } from "../canvas/graph-samples.ts";
import { dotDocument, dotQuote } from "./dot-document.ts";

/** Quoted IDs of a DOT text, read as Graphviz' scanner does: `\"` is a quote, `\\` stays a pair, all else is itself. */
function quotedIds(source: string): string[] {
  const ids: string[] = [];
  let at = source.indexOf('"');
  while (at !== -1) {
    let id = "";
    let i = at + 1;
    for (; i < source.length && source[i] !== '"'; i += 1) {
      if (source[i] === "\\" && source[i + 1] === '"') {
        id += '"';
        i += 1;
      } else if (source[i] === "\\" && source[i + 1] === "\\") {
        id += "\\\\";
        i += 1;
      } else {
        id += source[i] ?? "";
      }
    }
    if (i >= source.length) throw new Error("A quote that never ends");
    ids.push(id);
    at = source.indexOf('"', i + 1);
  }
  return ids;
}

/** What a label of that ID shows: there, `\\` is one backslash. */
function shown(id: string): string {
  return id.replaceAll("\\\\", "\\");
}

describe("quoting for DOT", () => {
  it("survives the way there and back, whatever the text", () => {
    const text = fc.string({ unit: fc.constantFrom("\\", '"', "a", " ", "ü", ">", "-", "{", ";", "N", "n") });
    fc.assert(
      fc.property(text, (name) => {
        const ids = quotedIds(`${dotQuote(name)} -> ${dotQuote("b")};`);
        expect(ids.map(shown)).toEqual([name, "b"]);
      }),
    );
  });

  it("keeps different names apart", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const plain = (text: string): string => text.toWellFormed().replace(/[\u0000-\u001f\u007f]/g, " ");
        expect(dotQuote(a) === dotQuote(b)).toBe(plain(a) === plain(b));
      }),
    );
  });

  it("stays on its line", () => {
    expect(dotQuote('a\n"b"\\')).toBe('"a \\"b\\"\\\\"');
  });
});

describe("the graph as DOT", () => {
  const hostile = 'x"]; evil [label="\\';
  const model = {
    nodes: [
      aNode("service:a", { expanded: true, label: "a" }),
      aNode("service:a//one", { parent: "service:a", label: hostile }),
      aNode("service:b", { parent: "elsewhere" }),
    ],
    edges: [
      anEdge("service:a", "service:b", { label: ["10/s", hostile] }),
      anEdge("service:b", hostile, { configuredOnly: true }),
    ],
  };

  it("holds every node and arrow, nested as they are drawn", () => {
    const lines = dotDocument(model).split("\n");
    expect(lines.filter((line) => line.includes("->"))).toHaveLength(2);
    expect(lines).toContain('  subgraph "cluster service:a" {');
    const one = lines.find((line) => line.includes("service:a//one"));
    expect(one?.startsWith("    ")).toBe(true);
    expect(lines.some((line) => line.startsWith('  "service:b" ['))).toBe(true);
    expect(lines.find((line) => line.includes("-> ") && line.includes("dotted"))).toBeDefined();
  });

  it("lets no name end its quotes", () => {
    const source = dotDocument(model);
    const outside = source.replaceAll(/"(?:\\.|[^"\\])*"/g, "");
    expect(outside).not.toContain("evil");
    expect(outside.match(/[{}]/g)).toEqual(["{", "{", "}", "}"]);
  });
});
