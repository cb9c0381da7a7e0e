import type { BreakerReading } from "#domain/traffic.ts";
import { formatMoment } from "../format/time.ts";

/** Why it opened in the first place, when trials have failed since: `First at 14:02:11: 61 % of 214 calls failed.`; else empty. */
export function firstOpeningInWords({ outage, trips }: BreakerReading, nowMs: number): string {
  return outage === null || trips < 2 ? "" : `First at ${formatMoment(outage.sinceMs, nowMs)}: ${outage.cause}.`;
}
