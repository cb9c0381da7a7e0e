import { changeOf, figuresBetween, type Change, type Measured } from "./figure-difference.ts";
import type { NodePart, TopologyNode } from "./topology.ts";

/** Parts of the mesh at one of two moments. */
export interface PartsAt {
  readonly nodes: readonly TopologyNode[];
  /** Span that figures are the average of, s. */
  readonly seconds: number;
}

/** What changed of subsets (`service:orders/version=2`) and instances (`service:orders//orders-a`) of services that were there at both moments. */
export function partChanges(before: PartsAt, after: PartsAt): readonly (readonly [string, Change])[] {
  const was = new Map(before.nodes.map((node) => [node.id, node]));
  return after.nodes.flatMap((node) => {
    const earlier = was.get(node.id);
    if (earlier === undefined) return [];
    const wasParts = measuredParts(earlier, before.seconds);
    const isParts = measuredParts(node, after.seconds);
    return [...new Set([...wasParts.keys(), ...isParts.keys()])].flatMap((id) => {
      const change = changeOfPart(wasParts.get(id) ?? null, isParts.get(id) ?? null);
      return change === null ? [] : [[id, change] as const];
    });
  });
}

function changeOfPart(before: Measured | null, after: Measured | null): Change | null {
  if (before === null) return "added";
  if (after === null) return "gone";
  return changeOf(figuresBetween(before, after), 0);
}

function measuredParts({ id, parts }: TopologyNode, seconds: number): ReadonlyMap<string, Measured> {
  const subsets = Map.groupBy(
    parts.filter(({ subset }) => subset !== ""),
    ({ subset }) => `${id}/${subset}`,
  );
  const instances = Map.groupBy(parts, ({ instance }) => `${id}//${instance}`);
  return new Map([...subsets, ...instances].map(([key, members]) => [key, measuredTogether(members, seconds)]));
}

function measuredTogether(parts: readonly NodePart[], seconds: number): Measured {
  const requestsPerSecond = parts.reduce((sum, part) => sum + part.requestsPerSecond, 0);
  const errors = parts.reduce((sum, part) => sum + part.requestsPerSecond * part.errorRatio, 0);
  const [only, ...others] = parts;
  return {
    requestsPerSecond,
    errorRatio: requestsPerSecond > 0 ? errors / requestsPerSecond : 0,
    // Percentiles of several do not add up.
    p95Ms: others.length === 0 ? (only?.p95Ms ?? null) : null,
    seconds,
  };
}
