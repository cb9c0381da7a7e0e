import type { Delivery } from "#domain/live.ts";
import type { DeliveryTimes, EditDelivery } from "#domain/publishing.ts";
import { formatLatency } from "../format/number.ts";
import { formatSpan } from "../format/time.ts";

/** How long an edit was on its way, ms after it was saved; null where it has not arrived, or nobody noted when. */
export interface DeliverySpans {
  readonly publishedMs: number | null;
  /** By the last of the gateways that have it. */
  readonly appliedMs: number | null;
}

/** `appliedOn` as in `Delivery`: a gateway that came later may have no time, and then no time is given for all. */
export function deliverySpans(times: DeliveryTimes, appliedOn: Delivery["appliedOn"]): DeliverySpans {
  const since = (atMs: number): number => Math.max(0, atMs - times.savedAtMs);
  const atOf = new Map(times.applied.map(({ gatewayId, atMs }) => [gatewayId, atMs]));
  const arrivals = appliedOn.map((id) => atOf.get(id)).filter((atMs) => atMs !== undefined);
  return {
    publishedMs: times.publishedAtMs === null ? null : since(times.publishedAtMs),
    appliedMs: arrivals.length === 0 || arrivals.length < appliedOn.length ? null : since(Math.max(...arrivals)),
  };
}

/** Until the last of so many gateways had an edit of a list, ms; null where fewer of them are on record. */
export function listedSpanMs(edit: Pick<EditDelivery, "savedAtMs" | "applied">, gateways: number): number | null {
  const { count, last } = edit.applied;
  return last === null || count < gateways ? null : Math.max(0, last.atMs - edit.savedAtMs);
}

/** `84 ms`, `1.2 s`, `2 min 10 s`. */
export function spanInWords(ms: number): string {
  return ms < 60_000 ? formatLatency(ms) : formatSpan(ms);
}
