import type { Delivery } from "#domain/live.ts";

/** Gateways that refuse an edit for the same reason. */
export interface SharedRefusal {
  readonly reason: string;
  readonly ids: readonly string[];
}

/** What many gateways say alike is said once; the reason of most gateways first. */
export function refusalsByReason(refused: Delivery["refused"]): readonly SharedRefusal[] {
  return [...Map.groupBy(refused, ({ reason }) => reason)]
    .map(([reason, of]) => ({ reason, ids: of.map(({ gatewayId }) => gatewayId) }))
    .toSorted((a, b) => b.ids.length - a.ids.length);
}
