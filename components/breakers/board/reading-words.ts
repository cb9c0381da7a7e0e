import type { FleetBreaker } from "#domain/live.ts";
import type { BreakerReading } from "#domain/traffic.ts";
import { formatCount, formatPercent } from "../../format/number.ts";
import { formatSetting } from "../../format/time.ts";
import { fleetWindow } from "../breaker-state.ts";

const REPLY_WORDS = { "last-good": "the last good reply", fixed: "a fixed reply" } as const;

/** What answers instead, in order: `payments-backup, then the last good reply`. Empty when callers get the error. */
export function fallbacksInWords(breaker: FleetBreaker): string {
  const backups = breaker.gateways.flatMap(({ reading }) => reading.backups);
  const replies = breaker.gateways.flatMap(({ reading }) => reading.replies.map((reply) => REPLY_WORDS[reply]));
  return [...new Set([...backups, ...replies])].join(", then ");
}

/** `opens at 50 % of 20 or more`. */
export function thresholdsInWords({ enabled, errorPercent, requestVolume }: BreakerReading["thresholds"]): string {
  return enabled
    ? `opens at ${errorPercent.toString()} % of ${requestVolume.toString()} or more`
    : "never opens by itself";
}

/** `Slow: 12 of 300 calls took over 500 ms (4 %; opens at 50 %), 3 more still wait`; null when nobody looks for slow calls. */
export function slownessInWords(breaker: FleetBreaker): string | null {
  const looking = breaker.gateways.find(({ reading }) => reading.thresholds.slowCallMs !== null);
  const { slowCallMs = null, slowCallRatePercent = 0 } = looking?.reading.thresholds ?? {};
  if (slowCallMs === null) return null;
  const { slow, waiting, total } = fleetWindow(breaker);
  if (slow + waiting === 0) return `No call took over ${formatSetting(slowCallMs)}.`;
  const share =
    total === 0 ? "" : ` (${formatPercent((slow / total) * 100)}; opens at ${slowCallRatePercent.toString()} %)`;
  const more = waiting === 0 ? "" : `, ${formatCount(waiting)} more still wait`;
  return `Slow: ${formatCount(slow)} of ${formatCount(total)} calls took over ${formatSetting(slowCallMs)}${share}${more}.`;
}
