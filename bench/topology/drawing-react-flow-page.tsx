import {
  Handle,
  MarkerType,
  Position,
  ReactFlow,
  type Edge,
  type Node,
  type NodeProps,
  type ReactFlowInstance,
} from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { memo } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { formatLatency, formatRate, formatRatio } from "../../components/format/number.ts";
import type { GraphEdge, GraphNode } from "../../components/topology/model/graph-model.ts";
import type { DrawnGraph } from "./drawing-graphs.ts";
import { offer } from "./drawing-page.ts";

type CardNode = Node<{ readonly node: GraphNode }, "card">;

/** The same words as on our cards, in HTML. */
const Card = memo(function Card({ data: { node } }: NodeProps<CardNode>) {
  return (
    <div className={`card ${node.health}`}>
      <Handle type="target" position={Position.Left} />
      <strong>{node.label}</strong>
      <div>
        {formatRate(node.requestsPerSecond)} {formatRatio(node.errorRatio)} err {formatLatency(node.p95Ms)}
      </div>
      <small>{node.note}</small>
      <Handle type="source" position={Position.Right} />
    </div>
  );
});

const NODE_TYPES = { card: Card };
const COLORS = { healthy: "#b9c1cb", degraded: "#8a5500", failing: "#b4232a", idle: "#b9c1cb" };
const OPTIONS = { hideAttribution: true };

const nodes = new WeakMap<GraphNode, CardNode>();
const edges = new WeakMap<GraphEdge, Edge>();

/** What did not change stays the same object, so that memo spares it. Sizes and handles are given: nothing is measured. */
function nodeFor(node: GraphNode, { layout }: DrawnGraph): CardNode {
  const known = nodes.get(node);
  if (known !== undefined) return known;
  const { x = 0, y = 0, width = 184, height = 76 } = layout.nodes.get(node.id) ?? {};
  const handle = { y: height / 2 - 2, width: 4, height: 4 };
  const made: CardNode = {
    id: node.id,
    type: "card",
    position: { x, y },
    data: { node },
    width,
    height,
    handles: [
      { type: "target", position: Position.Left, x: 0, ...handle },
      { type: "source", position: Position.Right, x: width - 4, ...handle },
    ],
  };
  nodes.set(node, made);
  return made;
}

function edgeFor(edge: GraphEdge): Edge {
  const known = edges.get(edge);
  if (known !== undefined) return known;
  const stroke = COLORS[edge.health];
  const made: Edge = {
    id: edge.id,
    source: edge.from,
    target: edge.to,
    style: { stroke, strokeWidth: Math.min(5, 1 + Math.log10(1 + edge.requestsPerSecond)) },
    markerEnd: { type: MarkerType.ArrowClosed, color: stroke },
  };
  edges.set(edge, made);
  return made;
}

let wanted = 0;
let instance: ReactFlowInstance<CardNode> | null = null;

function Page({ graph }: { readonly graph: DrawnGraph }) {
  return (
    <ReactFlow
      nodes={graph.model.nodes.map((node) => nodeFor(node, graph))}
      edges={graph.model.edges.map(edgeFor)}
      nodeTypes={NODE_TYPES}
      minZoom={0.005}
      nodesConnectable={false}
      proOptions={OPTIONS}
      onInit={(made) => {
        instance = made;
      }}
      fitView
    />
  );
}

const holder = document.querySelector("#root");
if (holder === null) throw new Error("The page has no root.");
const root = createRoot(holder);

offer({
  show: (graph) => {
    wanted = graph.model.edges.length;
    flushSync(() => root.render(<Page graph={graph} />));
  },
  isShown: () => document.querySelectorAll(".react-flow__edge").length === wanted,
  // The shortest way there is: no event is handled, no hit is tested.
  move: (dx, dy, factor) => {
    if (instance === null) return;
    const { x, y, zoom } = instance.getViewport();
    const next = zoom * factor;
    void instance.setViewport({
      zoom: next,
      x: 640 - (640 - x) * (next / zoom) + dx,
      y: 400 - (400 - y) * (next / zoom) + dy,
    });
  },
});
