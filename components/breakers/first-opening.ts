import type { FleetBreaker } from "#domain/live.ts";
import { formatMoment } from "../format/time.ts";

/** Why it opened in the first place, when trials have failed since: `First at 14:02:11: 61 % of 214 calls failed.`; else empty. */
export function firstOpeningInWords(
  { transitions }: Pick<FleetBreaker, "transitions">,
  { gatewayId, reading }: Pick<FleetBreaker["gateways"][number], "gatewayId" | "reading">,
  nowMs: number,
): string {
  if (reading.trips < 2) return "";
  // Those of all workers are told together, each with its worker in front of the cause.
  const prefix = reading.worker === null ? "" : `worker ${reading.worker.toString()}: `;
  const first = transitions.find(
    ({ from, ...one }) => from === "closed" && one.gatewayId === gatewayId && one.cause.startsWith(prefix),
  );
  if (first === undefined) return "";
  return `First at ${formatMoment(first.atMs, nowMs)}: ${first.cause.slice(prefix.length)}.`;
}
