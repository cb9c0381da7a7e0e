import type { GraphEdge, GraphModel, GraphNode } from "../model/graph-model.ts";
import { HEALTH_STYLES } from "../health-style.ts";
import { formatErrors, formatLatency, formatRate } from "../../format/number.ts";

/**
 * A text as a quoted ID of the DOT language. In one, only `\"` is an escape (graphviz.org/doc/info/lang.html); any other
 * backslash stays as it is, so a text that ends in one, or has one before a quote, would change what the quote means.
 * Attributes that are labels know more escapes (`\n`, `\N`, `\G` …), which start with a backslash, too: doubled, it
 * stands for itself there.
 */
export function dotQuote(text: string): string {
  const line = text.toWellFormed().replace(/[\u0000-\u001f\u007f]/g, " ");
  return `"${line.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

const COLORS: Readonly<Record<GraphNode["health"], string>> = {
  healthy: "#15703f",
  degraded: "#8a5500",
  failing: "#b4232a",
  idle: "#626e7d",
};

/** Lines of a label: `\n` between them is DOT's. */
function label(lines: readonly string[]): string {
  const shown = lines.filter((line) => line !== "").map((line) => dotQuote(line).slice(1, -1));
  return `"${shown.join("\\n")}"`;
}

function nodeLine(node: GraphNode, indent: string): string {
  const figures = `${formatRate(node.requestsPerSecond)}, ${formatErrors(node)} errors, p95 ${formatLatency(node.p95Ms)}`;
  const attributes = [
    `label=${label([node.label, HEALTH_STYLES[node.health].word, figures, node.note])}`,
    `color=${dotQuote(COLORS[node.health])}`,
    `tooltip=${dotQuote(node.description)}`,
    ...(node.change === "gone" ? ["style=dashed"] : []),
  ];
  return `${indent}${dotQuote(node.id)} [${attributes.join(", ")}];`;
}

function edgeLine(edge: GraphEdge): string {
  const style = edge.configuredOnly ? "dotted" : edge.asFallback || edge.change === "gone" ? "dashed" : "solid";
  const width = 1 + Math.min(4, Math.log10(1 + edge.requestsPerSecond));
  const attributes = [
    `label=${label(edge.label)}`,
    `color=${dotQuote(edge.change === "gone" ? COLORS.failing : COLORS[edge.health])}`,
    `style=${style}`,
    `penwidth=${width.toFixed(1)}`,
    `tooltip=${dotQuote(edge.description)}`,
  ];
  return `  ${dotQuote(edge.from)} -> ${dotQuote(edge.to)} [${attributes.join(", ")}];`;
}

/** A box that holds others as a cluster; it keeps a node of its own for the arrows that end at it. */
function nodeLines(
  node: GraphNode,
  children: ReadonlyMap<string | null, readonly GraphNode[]>,
  indent: string,
): string[] {
  const own = children.get(node.id) ?? [];
  if (!node.expanded || own.length === 0) return [nodeLine(node, indent)];
  return [
    `${indent}subgraph ${dotQuote(`cluster ${node.id}`)} {`,
    `${indent}  label=${label([node.label])};`,
    nodeLine(node, `${indent}  `),
    ...own.flatMap((child) => nodeLines(child, children, `${indent}  `)),
    `${indent}}`,
  ];
}

/** The graph in the DOT language of Graphviz. */
export function dotDocument({ nodes, edges }: GraphModel): string {
  const known = new Set(nodes.map(({ id }) => id));
  const children = Map.groupBy(nodes, ({ parent }) => (parent !== null && known.has(parent) ? parent : null));
  return [
    "digraph mesh {",
    "  rankdir=LR;",
    '  node [shape=box, style=rounded, fontname="Helvetica"];',
    '  edge [fontname="Helvetica", fontsize=10];',
    ...(children.get(null) ?? []).flatMap((node) => nodeLines(node, children, "  ")),
    ...edges.map(edgeLine),
    "}",
    "",
  ].join("\n");
}
