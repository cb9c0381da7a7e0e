import type { SimulationOutcome, SimulationReport } from "#domain/breaker-history.ts";

/** Where on a line from the record's begin (0) to its end (1) a gateway's breaker is open. */
export function openShares(
  outcome: Pick<SimulationOutcome, "opens">,
  gatewayId: string,
  range: { readonly fromMs: number; readonly toMs: number },
): readonly { readonly from: number; readonly width: number }[] {
  const lengthMs = Math.max(1, range.toMs - range.fromMs);
  return outcome.opens
    .filter((open) => open.gatewayId === gatewayId)
    .map(({ fromMs, toMs }) => {
      const from = Math.max(0, (fromMs - range.fromMs) / lengthMs);
      return { from, width: Math.min(1, ((toMs ?? range.toMs) - range.fromMs) / lengthMs) - from };
    });
}

/** Where on the same line the calls are on record from; 1 when none are. */
export function onRecordFrom({
  fromMs,
  toMs,
  recordedSinceMs,
}: Pick<SimulationReport, "fromMs" | "toMs" | "recordedSinceMs">): number {
  if (recordedSinceMs === null) return 1;
  return Math.min(1, Math.max(0, (recordedSinceMs - fromMs) / Math.max(1, toMs - fromMs)));
}
