import type { SparseHistogram } from "./histogram.ts";
import { mergeHistograms } from "./histogram.ts";
import { addCounts, errorsOf, totalOf, type OutcomeCounts } from "./outcome-counts.ts";
import type { EdgeWindow } from "./traffic.ts";

/** What flowed for one (caller, route, service, subset, instance) within a span of time, over all gateways. */
export interface EdgeTotals {
  /** Service that called, or `outside`. */
  readonly caller: string;
  readonly routeId: string;
  readonly service: string;
  readonly subset: string;
  /** Empty when the calls were refused before an instance was picked. */
  readonly instance: string;
  readonly asFallback: boolean;
  readonly counts: OutcomeCounts;
  readonly latency: SparseHistogram;
  readonly bytesOut: number;
  /** Most calls in flight at once, added up over gateways. */
  readonly inFlight: number;
  /** Who carried them. */
  readonly gateways: readonly GatewayCalls[];
}

export interface GatewayCalls {
  readonly gatewayId: string;
  readonly requests: number;
  readonly errors: number;
}

/** Adds up what each gateway counted on the same edge. */
export function totalsOf(
  gateways: readonly { readonly gatewayId: string; readonly edges: readonly EdgeWindow[] }[],
): EdgeTotals[] {
  const placed = gateways.flatMap(({ gatewayId, edges }) => edges.map((edge) => ({ gatewayId, edge })));
  const groups = Map.groupBy(placed, ({ edge }) =>
    JSON.stringify([edge.caller, edge.routeId, edge.service, edge.subset, edge.instance, edge.asFallback]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { caller, routeId, service, subset, instance, asFallback } = first.edge;
    const edges = group.map(({ edge }) => edge);
    return [
      {
        caller,
        routeId,
        service,
        subset,
        instance,
        asFallback,
        counts: addCounts(edges.map(({ counts }) => counts)),
        latency: mergeHistograms(edges.map(({ latency }) => latency)),
        bytesOut: edges.reduce((sum, { bytesOut }) => sum + bytesOut, 0),
        inFlight: edges.reduce((sum, { inFlight }) => sum + inFlight, 0),
        gateways: [...Map.groupBy(group, ({ gatewayId }) => gatewayId)].map(([gatewayId, own]) => {
          const counts = addCounts(own.map(({ edge }) => edge.counts));
          return { gatewayId, requests: totalOf(counts), errors: errorsOf(counts) };
        }),
      },
    ];
  });
}
