import type { Health, Topology, TopologyEdge, TopologyNode } from "#domain/topology.ts";
import { describeDrawnEdge } from "./describe-graph.ts";
import { gatewayNodeId, placeOfShare } from "./drawn-nodes.ts";
import { edgeLabel } from "./edge-label.ts";
import { figuresOf, mergeFigures, partFigures, type Figures } from "./figures.ts";
import type { GraphEdge } from "./graph-model.ts";
import type { GraphOptions } from "./graph-options.ts";

/** A part of the topology's edge that one arrow stands for. */
interface Piece {
  readonly from: string;
  readonly to: string;
  readonly edge: TopologyEdge;
  readonly figures: Figures;
}

interface EdgesRequest {
  readonly topology: Topology;
  readonly nodes: ReadonlyMap<string, TopologyNode>;
  readonly options: GraphOptions;
  /** The box that stands for a node of the topology: itself, or a group. */
  readonly placeOf: (id: string) => string;
  /** Name of a drawn box, for descriptions. */
  readonly nameOf: (id: string) => string;
}

/** All arrows between what is drawn. Calls within a closed group have none. */
export function drawnEdges(request: EdgesRequest): GraphEdge[] {
  const pieces = request.topology.edges.flatMap((edge) => piecesOf(edge, request));
  const sent = new Map<string, number>();
  for (const { from, figures } of pieces) sent.set(from, (sent.get(from) ?? 0) + figures.requestsPerSecond);
  const groups = Map.groupBy(pieces, ({ from, to, edge }) => `${from}${edge.asFallback ? "⇢" : "→"}${to}`);
  return [...groups].map(([id, own]) => arrow(id, own, sent, request));
}

function piecesOf(edge: TopologyEdge, request: EdgesRequest): Piece[] {
  const { options, placeOf } = request;
  const from = placeOf(edge.from);
  const to = placeOf(edge.to);
  if (from === to && edge.from !== edge.to) return [];
  if (options.gateways && edge.from === "outside" && edge.gateways.length > 0) return gatewayPieces(edge, from, to);
  const target = request.nodes.get(edge.to);
  if (to !== edge.to || target === undefined || !options.expanded.has(edge.to) || edge.split.length === 0) {
    return [{ from, to, edge, figures: figuresOf(edge) }];
  }
  return edge.split.map((share) => ({
    from,
    to: placeOfShare(target, share, options.expanded),
    edge,
    figures: { ...partFigures({ ...share, health: healthOfShare(share, edge.health) }), breaker: edge.breaker },
  }));
}

/** Which gateway carried calls to which instance nobody counts: those arrows end at the service. */
function gatewayPieces(edge: TopologyEdge, from: string, to: string): Piece[] {
  return edge.gateways.flatMap((share) => {
    const gateway = gatewayNodeId(share.gatewayId);
    const figures = partFigures({ ...share, health: healthOfShare(share, edge.health) });
    return [
      { from, to: gateway, edge, figures },
      { from: gateway, to, edge, figures: { ...figures, breaker: edge.breaker } },
    ];
  });
}

/** The console judges whole edges: a share of one without a failed call is well in any case. */
function healthOfShare(
  share: { readonly requestsPerSecond: number; readonly errorRatio: number },
  whole: Health,
): Health {
  if (share.requestsPerSecond === 0) return "idle";
  return share.errorRatio === 0 ? "healthy" : whole;
}

function arrow(
  id: string,
  pieces: readonly Piece[],
  sent: ReadonlyMap<string, number>,
  { options, nameOf }: EdgesRequest,
): GraphEdge {
  const [first] = pieces;
  if (first === undefined) throw new Error(`no calls stand behind ${id}`);
  const { from, to, edge } = first;
  const figures = mergeFigures(pieces.map((piece) => piece.figures));
  const all = sent.get(from) ?? 0;
  const configuredOnly = pieces.every((piece) => piece.edge.configuredOnly);
  const change = pieces.length === 1 ? (options.changes.get(edge.id) ?? null) : null;
  return {
    id,
    from,
    to,
    configuredOnly,
    change,
    asFallback: edge.asFallback,
    requestsPerSecond: figures.requestsPerSecond,
    errorRatio: figures.errorRatio,
    p95Ms: figures.p95Ms,
    health: figures.health,
    breaker: figures.breaker,
    label: configuredOnly ? [] : edgeLabel(figures, all === 0 ? null : figures.requestsPerSecond / all, options.labels),
    description: describeDrawnEdge({
      configuredOnly,
      figures,
      change,
      from: nameOf(from),
      to: nameOf(to),
      asFallback: edge.asFallback,
      merged: pieces.length > 1,
    }),
    stands: [...new Set(pieces.map((piece) => piece.edge.id))],
  };
}
