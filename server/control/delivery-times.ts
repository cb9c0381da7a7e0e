import type { DeliveryRow, SeenAcknowledgement } from "#db/delivery-repository.ts";
import type { DeliveryTimes, Propagation } from "#domain/publishing.ts";

/** What is on record about a range of edits. */
export interface DeliveryRecord {
  /** In any order. */
  readonly deliveries: readonly DeliveryRow[];
  /** Of the oldest of these revisions and all later ones. */
  readonly acknowledgements: readonly SeenAcknowledgement[];
  /** When each gateway was first seen to acknowledge anything, Unix epoch ms. */
  readonly firstSeen: ReadonlyMap<string, number>;
}

/**
 * When each edit was applied by each gateway that was there when it was saved: at its earliest acknowledgement of that
 * revision or a later one. Latest edit first.
 */
export function deliveryTimes({ deliveries, acknowledgements, firstSeen }: DeliveryRecord): DeliveryTimes[] {
  const latestFirst = deliveries.toSorted((a, b) => b.revision - a.revision);
  const left = acknowledgements.toSorted((a, b) => a.revision - b.revision);
  const earliest = new Map<string, number>();
  return latestFirst.map(({ revision, savedAtMs, publishedAtMs }) => {
    for (let last = left.at(-1); last !== undefined && last.revision >= revision; last = left.at(-1)) {
      earliest.set(last.gatewayId, Math.min(last.atMs, earliest.get(last.gatewayId) ?? Number.POSITIVE_INFINITY));
      left.pop();
    }
    const applied = [...earliest]
      .filter(([gatewayId]) => (firstSeen.get(gatewayId) ?? Number.POSITIVE_INFINITY) <= savedAtMs)
      // Saved by one console's clock, seen by another's: nothing is applied before it is saved.
      .map(([gatewayId, atMs]) => ({ gatewayId, atMs: Math.max(atMs, savedAtMs) }))
      .sort((a, b) => a.atMs - b.atMs || (a.gatewayId < b.gatewayId ? -1 : 1));
    return { revision, savedAtMs, publishedAtMs, applied };
  });
}

/** How long they took: `published` of those that were, `applied` by the last gateway of those that any applied. */
export function propagationOf(times: readonly DeliveryTimes[]): Propagation {
  const published = times.flatMap(({ savedAtMs, publishedAtMs }) =>
    publishedAtMs === null ? [] : [publishedAtMs - savedAtMs],
  );
  const applied = times.flatMap(({ savedAtMs, applied: by }) => {
    const last = by.at(-1);
    return last === undefined ? [] : [last.atMs - savedAtMs];
  });
  return { edits: times.length, published: quantiles(published), applied: quantiles(applied) };
}

function quantiles(values: readonly number[]): Propagation["published"] {
  const sorted = values.map((value) => Math.max(0, value)).toSorted((a, b) => a - b);
  // The smallest value that at least this share does not exceed.
  const at = (share: number): number | undefined => sorted[Math.ceil(share * sorted.length) - 1];
  const [p50Ms, p99Ms] = [at(0.5), at(0.99)];
  return p50Ms === undefined || p99Ms === undefined ? null : { p50Ms, p99Ms };
}
