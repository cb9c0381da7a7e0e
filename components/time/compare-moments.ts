import type { Topology } from "#domain/topology.ts";
import { differenceOf, type ComparedMoment, type TopologyDifference } from "#domain/topology-difference.ts";

const found = new WeakMap<Topology, WeakMap<Topology, TopologyDifference>>();

/** The difference of two moments, found once however many parts of the page ask for it. */
export function compareMoments(before: ComparedMoment, after: ComparedMoment): TopologyDifference {
  const ofBefore = found.get(before.topology) ?? new WeakMap<Topology, TopologyDifference>();
  found.set(before.topology, ofBefore);
  const known = ofBefore.get(after.topology);
  if (known !== undefined) return known;
  const difference = differenceOf(before, after);
  ofBefore.set(after.topology, difference);
  return difference;
}
