import type { Affected } from "#domain/trouble.ts";
import type { WatchedTrouble } from "#domain/trouble-watch.ts";
import { formatRate } from "../format/number.ts";
import { formatMoment, formatSpan } from "../format/time.ts";

/** A trouble that is there when the page opens began at some time before, ms after the first picture. */
const THERE_BEFORE_MS = 3000;

/** `since 14:02:11 (3 min 20 s)`; of what nobody recorded the begin, `for at least 2 min`. */
export function sinceInWords({ trouble, firstSeenMs }: WatchedTrouble, watchedSinceMs: number, nowMs: number): string {
  const seenBegin = firstSeenMs - watchedSinceMs > THERE_BEFORE_MS;
  const sinceMs = trouble.sinceMs ?? (seenBegin ? firstSeenMs : null);
  if (sinceMs === null) return nowMs - firstSeenMs < 10_000 ? "now" : `for at least ${formatSpan(nowMs - firstSeenMs)}`;
  return `since ${formatMoment(sinceMs, nowMs)} (${formatSpan(nowMs - sinceMs)})`;
}

/** `41.2/s from checkout and outside: 12.0/s fail, 29.2/s are answered by a fallback`. */
export function affectedInWords({ requestsPerSecond, failingPerSecond, fallbackPerSecond, callers }: Affected): string {
  const [first, second, ...more] = callers.map((name) => (name === "outside" ? "outside the mesh" : name));
  const names = [first, second].filter((name) => name !== undefined);
  const from =
    first === undefined
      ? ""
      : ` from ${more.length === 0 ? names.join(" and ") : `${names.join(", ")} and ${more.length.toString()} more`}`;
  const parts: string[] = [];
  if (failingPerSecond >= 0.05) parts.push(`${formatRate(failingPerSecond)} fail`);
  if (fallbackPerSecond > 0) parts.push(`${formatRate(fallbackPerSecond)} answered by a fallback`);
  if (parts.length === 0) parts.push("none of them fails");
  return `${formatRate(requestsPerSecond)}${from}: ${parts.join(", ")}`;
}
