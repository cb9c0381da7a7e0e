import type { GraphLayout, Rect } from "../../components/topology/layout/layout-types.ts";
import type { GraphEdge, GraphModel, GraphNode } from "../../components/topology/model/graph-model.ts";
import { formatLatency, formatRate, formatRatio } from "../../components/format/number.ts";
import type { Health } from "#domain/topology.ts";

/** A graph and where it is drawn: both renditions get the same. */
export interface DrawnGraph {
  readonly model: GraphModel;
  readonly layout: GraphLayout;
}

const WIDTH = 184;
const HEIGHT = 76;
const COLUMN = 320;
const ROW = 108;

/** Numbers of 0 … 1 that are the same in each run. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function healthOf(errorRatio: number): Health {
  return errorRatio > 0.15 ? "failing" : errorRatio > 0.03 ? "degraded" : "healthy";
}

function errorsOf(random: () => number): number {
  const draw = random();
  return draw > 0.985 ? 0.2 + random() * 0.4 : draw > 0.95 ? 0.04 + random() * 0.05 : random() * 0.004;
}

const FIRST = ["orders", "payments", "cart", "catalogue", "search", "users", "sessions", "prices", "stock", "mail"];
const SECOND = ["api", "worker", "store", "gateway", "index", "cache", "reports", "ledger"];

function nodeOf(at: number, random: () => number): GraphNode {
  const errorRatio = errorsOf(random);
  const name = `${FIRST[at % 10] ?? "service"}-${SECOND[Math.floor(at / 10) % 8] ?? "part"}${at < 80 ? "" : `-${Math.floor(at / 80).toString()}`}`;
  const health = healthOf(errorRatio);
  const requestsPerSecond = 10 ** (random() * 3.2);
  const p95Ms = 4 + 10 ** (random() * 2.6);
  const instances = 1 + Math.floor(random() * 6);
  return {
    id: `service:${name}`,
    kind: "service",
    label: name,
    note: instances === 1 ? "1 instance" : `${instances.toString()} instances`,
    parent: null,
    expanded: false,
    requestsPerSecond,
    errorRatio,
    p95Ms,
    health,
    breaker: random() > 0.5 ? { state: health === "failing" ? "open" : "closed", override: null } : null,
    servingAsBackup: false,
    change: null,
    description: `${name}: ${health}, ${formatRate(requestsPerSecond)} requests, ${formatRatio(errorRatio)} errors, p95 ${formatLatency(p95Ms)}`,
  };
}

function edgeOf(from: GraphNode, to: GraphNode, random: () => number): GraphEdge {
  const errorRatio = errorsOf(random);
  const requestsPerSecond = 10 ** (random() * 3);
  const p95Ms = 4 + 10 ** (random() * 2.6);
  const id = `${from.id}→${to.id}`;
  return {
    id,
    from: from.id,
    to: to.id,
    requestsPerSecond,
    errorRatio,
    p95Ms,
    configuredOnly: random() > 0.97,
    asFallback: random() > 0.97,
    health: healthOf(errorRatio),
    breaker: null,
    label: [formatRate(requestsPerSecond), `${formatRatio(errorRatio)} · ${formatLatency(p95Ms)}`],
    change: null,
    description: `Calls from ${from.label} to ${to.label}: ${formatRate(requestsPerSecond)}, ${formatRatio(errorRatio)} errors`,
    stands: [id],
  };
}

/** Which two nodes each arrow joins: mostly to the next columns, each pair once. */
function pairs(nodes: number, edges: number, perColumn: number, random: () => number): [number, number][] {
  const seen = new Set<number>();
  const found: [number, number][] = [];
  while (found.length < edges) {
    const from = Math.floor(random() * nodes);
    const column = Math.floor(from / perColumn);
    const to = (column + 1 + Math.floor(random() ** 3 * 3)) * perColumn + Math.floor(random() * perColumn);
    if (to >= nodes || seen.has(from * nodes + to)) {
      // The last column calls nobody; in a small graph all pairs may be taken.
      if (random() < 0.0005) break;
      continue;
    }
    seen.add(from * nodes + to);
    found.push([from, to]);
  }
  return found;
}

function wayBetween(from: Rect, to: Rect, random: () => number): Float32Array {
  const startX = from.x + from.width;
  const startY = from.y + 12 + random() * (from.height - 24);
  const endY = to.y + 12 + random() * (to.height - 24);
  return Float32Array.of(startX, startY, startX + 30, startY, to.x - 34, endY, to.x - 3, endY);
}

/** A mesh of so many services and arrows, in columns; the same each time. */
export function madeUpGraph(nodeCount: number, edgeCount: number, seed = 7): DrawnGraph {
  const random = seeded(seed);
  const nodes = Array.from({ length: nodeCount }, (_, at) => nodeOf(at, random));
  const perColumn = Math.max(2, Math.round(Math.sqrt(nodeCount * 1.9)));
  const boxes = new Map<string, Rect>();
  for (const [at, { id }] of nodes.entries()) {
    const column = Math.floor(at / perColumn);
    const y = (at % perColumn) * ROW + (column % 2) * (ROW / 2);
    boxes.set(id, { x: column * COLUMN, y, width: WIDTH, height: HEIGHT });
  }
  const edges: GraphEdge[] = [];
  const ways = new Map<string, Float32Array>();
  for (const [from, to] of pairs(nodeCount, edgeCount, perColumn, random)) {
    const start = nodes[from];
    const end = nodes[to];
    const startBox = boxes.get(start?.id ?? "");
    const endBox = boxes.get(end?.id ?? "");
    if (start === undefined || end === undefined || startBox === undefined || endBox === undefined) continue;
    const edge = edgeOf(start, end, random);
    edges.push(edge);
    ways.set(edge.id, wayBetween(startBox, endBox, random));
  }
  const columns = Math.ceil(nodeCount / perColumn);
  const bounds = {
    x: 0,
    y: 0,
    width: (columns - 1) * COLUMN + WIDTH,
    height: (Math.min(nodeCount, perColumn) - 1) * ROW + HEIGHT + ROW / 2,
  };
  return { model: { nodes, edges }, layout: { nodes: boxes, edges: ways, bounds } };
}

/** The same graph a second later: other figures on a third of its elements, the others the same objects. */
export function secondLater({ model, layout }: DrawnGraph, seed: number): DrawnGraph {
  const random = seeded(seed);
  const nodes = model.nodes.map((node) =>
    random() > 0.33 ? node : { ...node, requestsPerSecond: node.requestsPerSecond * (0.8 + random() * 0.4) },
  );
  const edges = model.edges.map((edge) => {
    if (random() > 0.33) return edge;
    const requestsPerSecond = edge.requestsPerSecond * (0.8 + random() * 0.4);
    const label = [formatRate(requestsPerSecond), ...edge.label.slice(1)];
    return { ...edge, requestsPerSecond, label };
  });
  return { model: { nodes, edges }, layout };
}
