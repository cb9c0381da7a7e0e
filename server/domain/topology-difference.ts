import { effectiveState, type EffectiveBreaker } from "./effective-breaker.ts";
import { changeOf, figuresBetween, rise, type Change, type Figures, type Measured } from "./figure-difference.ts";
import { partChanges } from "./part-changes.ts";
import { splitBetween, type SubsetShare } from "./split-difference.ts";
import type { Topology, TopologyEdge, TopologyNode } from "./topology.ts";

/** The mesh at one of two moments. */
export interface ComparedMoment {
  readonly topology: Topology;
  /** Length of the span its figures are averaged over, ms. */
  readonly windowMs: number;
}

/** What became of a node or an edge. */
export interface ElementDifference extends Figures {
  /** That of the topology. */
  readonly id: string;
  readonly element: "node" | "edge";
  /** Null: no better and no worse, but its split, its instances or its override are others. */
  readonly change: Change | null;
  /** Null: as it was. */
  readonly breaker: { readonly before: EffectiveBreaker | null; readonly after: EffectiveBreaker | null } | null;
  /** Number of instances that serve; null: as it was, or not known. */
  readonly instances: { readonly before: number; readonly after: number } | null;
  /** Shares by subset, when any of them changed; of edges. */
  readonly split: readonly SubsetShare[];
}

export interface TopologyDifference {
  /** Worst first. */
  readonly differences: readonly ElementDifference[];
  /** By id, subsets (`service:orders/version=2`) and instances (`service:orders//orders-a`) included. */
  readonly changes: ReadonlyMap<string, Change>;
  /** The later topology, and without traffic what is gone. */
  readonly union: Topology;
}

/** What is different at `after`. What counts as a change of a figure is said by DIFFERENCE_THRESHOLDS. */
export function differenceOf(before: ComparedMoment, after: ComparedMoment): TopologyDifference {
  const differences = [
    ...differencesOf("node", [before.topology.nodes, before], [after.topology.nodes, after]),
    ...differencesOf("edge", [before.topology.edges, before], [after.topology.edges, after]),
  ].toSorted((a, b) => severityOf(b) - severityOf(a) || a.id.localeCompare(b.id));
  const changes = new Map<string, Change>(
    partChanges(
      { nodes: before.topology.nodes, seconds: before.windowMs / 1000 },
      { nodes: after.topology.nodes, seconds: after.windowMs / 1000 },
    ),
  );
  for (const { id, change } of differences) if (change !== null) changes.set(id, change);
  return { differences, changes, union: unionOf(before.topology, after.topology) };
}

type Element = TopologyNode | TopologyEdge;
type ElementsAt = readonly [readonly Element[], ComparedMoment];

function differencesOf(element: "node" | "edge", [was, before]: ElementsAt, [is, after]: ElementsAt) {
  const earlier = new Map(was.map((one) => [one.id, one]));
  const later = new Map(is.map((one) => [one.id, one]));
  const at = (one: Element | undefined, { windowMs }: ComparedMoment): ElementAt => ({
    element: one ?? null,
    seconds: windowMs / 1000,
  });
  return [...new Set([...earlier.keys(), ...later.keys()])].flatMap((id) => {
    const difference = elementDifference(at(earlier.get(id), before), at(later.get(id), after));
    return difference === null ? [] : [{ id, element, ...difference }];
  });
}

interface ElementAt {
  readonly element: Element | null;
  readonly seconds: number;
}

/** Null when nothing of it changed. */
function elementDifference(before: ElementAt, after: ElementAt): Omit<ElementDifference, "id" | "element"> | null {
  const was = before.element;
  const is = after.element;
  const figures = figuresBetween(measuredAt(before), measuredAt(after));
  const breaker = breakerDifference(was?.breaker ?? null, is?.breaker ?? null);
  const instances = instanceDifference(was, is);
  const split = splitBetween(
    { split: splitOf(was), seconds: before.seconds },
    { split: splitOf(is), seconds: after.seconds },
  );
  const hindrance = breaker === null ? 0 : hindranceOf(breaker.after) - hindranceOf(breaker.before);
  const change = was === null ? "added" : is === null ? "gone" : changeOf(figures, hindrance);
  if (change === null && breaker === null && instances === null && split.length === 0) return null;
  return { change, ...figures, breaker, instances, split };
}

function measuredAt({ element, seconds }: ElementAt): Measured | null {
  return element === null ? null : { ...element, seconds };
}

function breakerDifference(before: EffectiveBreaker | null, after: EffectiveBreaker | null) {
  // A breaker that was never used is closed.
  const same =
    (before?.state ?? "closed") === (after?.state ?? "closed") &&
    (before?.override ?? null) === (after?.override ?? null);
  return same ? null : { before, after };
}

function instanceDifference(was: Element | null, is: Element | null): ElementDifference["instances"] {
  const before = was !== null && "instances" in was ? was.instances : null;
  const after = is !== null && "instances" in is ? is.instances : null;
  return before === null || after === null || before === after ? null : { before, after };
}

function splitOf(element: Element | null): TopologyEdge["split"] {
  return element !== null && "split" in element ? element.split : [];
}

const HINDRANCE = { closed: 0, "half-open": 1, open: 2 } as const;

function hindranceOf(breaker: EffectiveBreaker | null): number {
  return breaker === null ? 0 : HINDRANCE[effectiveState(breaker)];
}

const MILDEST_FIRST = ["better", null, "more", "less", "added", "gone", "worse"] as const;

/** By kind of change; within a kind, by how many calls it is about. */
function severityOf({ change, requestsPerSecond, errorRatio }: ElementDifference): number {
  const calls = Math.max(requestsPerSecond.before ?? 0, requestsPerSecond.after ?? 0);
  const size = errorRatio.changed ? calls * (1 + 10 * Math.abs(rise(errorRatio))) : calls;
  // Below 1 whatever the rate, so that it never reaches the next kind.
  return MILDEST_FIRST.indexOf(change) + size / (size + 1);
}

const SILENT = {
  requestsPerSecond: 0,
  errorRatio: 0,
  p50Ms: null,
  p95Ms: null,
  p99Ms: null,
  bytesPerSecond: 0,
  health: "idle",
  healthReason: "Gone since the moment that it is compared with.",
  breaker: null,
} as const;

function unionOf(before: Topology, after: Topology): Topology {
  const nodes = new Set(after.nodes.map(({ id }) => id));
  const edges = new Set(after.edges.map(({ id }) => id));
  const goneNodes = before.nodes.filter(({ id }) => !nodes.has(id));
  const goneEdges = before.edges.filter(({ id }) => !edges.has(id));
  return {
    nodes: [
      ...after.nodes,
      ...goneNodes.map((node) => ({
        ...node,
        ...SILENT,
        instances: node.instances === null ? null : 0,
        servingAsBackup: false,
        parts: [],
      })),
    ],
    edges: [...after.edges, ...goneEdges.map((edge) => ({ ...edge, ...SILENT, inFlight: 0, split: [], gateways: [] }))],
  };
}
