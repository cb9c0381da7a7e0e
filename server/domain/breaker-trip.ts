import type { BreakerSettings } from "./breaker-policy.ts";
import type { WindowSums } from "./breaker-window.ts";

/** True when a window with these sums must open the breaker. Same as Hystrix's truncated percentage, for whole thresholds. */
export function mustTrip(total: number, errors: number, settings: BreakerSettings): boolean {
  return (
    settings.enabled &&
    total >= settings.requestVolumeThreshold &&
    errors * 100 >= settings.errorThresholdPercent * total
  );
}

/** True when this many slow calls must open the breaker; those still waiting are among both (resilience4j: slowCallRateThreshold). */
export function mustTripSlow(calls: number, slow: number, settings: BreakerSettings): boolean {
  return (
    settings.enabled &&
    settings.slowCallMs !== null &&
    calls >= settings.requestVolumeThreshold &&
    slow * 100 >= settings.slowCallRatePercent * calls
  );
}

/** "61 % of 214 calls failed: 180 timeout, 34 failure". */
export function tripCause(sums: WindowSums, settings: BreakerSettings): string {
  const kinds = (["failure", "timeout", "unreachable", "rejected"] as const)
    .filter((kind) => sums.byKind[kind] > 0 && (kind !== "rejected" || settings.countRejections))
    .sort((a, b) => sums.byKind[b] - sums.byKind[a])
    .map((kind) => `${sums.byKind[kind]} ${kind}`);
  return `${Math.floor((sums.errors * 100) / sums.total)} % of ${sums.total} calls failed: ${kinds.join(", ")}`;
}

/** "80 % of 40 calls slow (over 500 ms): 12 answered late, 20 still waiting". */
export function slowCause(sums: WindowSums, settings: BreakerSettings): string {
  const calls = sums.total + sums.waiting;
  const slow = sums.slow + sums.waiting;
  const kinds = [];
  if (sums.slow > 0) kinds.push(`${sums.slow} answered late`);
  if (sums.waiting > 0) kinds.push(`${sums.waiting} still waiting`);
  return `${Math.floor((slow * 100) / calls)} % of ${calls} calls slow (over ${settings.slowCallMs} ms): ${kinds.join(", ")}`;
}

const WHERE = "; ";

/** A cause with where it happened: "…; 88 % of the last 64 failures at payments-b (10.0.3.7:8080)". */
export function causeWithWhere(cause: string, where: string): string {
  return where === "" ? cause : `${cause}${WHERE}${where}`;
}

/** Only what happened: names and addresses of instances are no business of those who call. */
export function causeWithoutWhere(cause: string): string {
  const at = cause.indexOf(WHERE);
  return at < 0 ? cause : cause.slice(0, at);
}
