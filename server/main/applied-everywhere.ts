import type { GatewayPresence } from "#zookeeper/gateway-presence.ts";

/**
 * The lowest revision of a database that any live gateway has applied; null when one of them has not said, or there is
 * none: nobody knows then who still needs to be told of a removal.
 */
export function appliedEverywhere(presence: GatewayPresence, incarnation: string): number | null {
  const applied = new Map(
    presence.acknowledgements
      .filter((ack) => ack.incarnation === incarnation)
      .map((ack) => [ack.gatewayId, ack.revision]),
  );
  const revisions = presence.registrations.map(({ id }) => applied.get(id) ?? null);
  const known = revisions.filter((revision) => revision !== null);
  return known.length === 0 || known.length < revisions.length ? null : Math.min(...known);
}
