import type { OverrideSpan } from "#domain/breaker-history.ts";
import { MODE_WORDS } from "#domain/override.ts";
import type { BreakerState } from "#domain/traffic.ts";
import { formatMoment, formatSpan } from "../../format/time.ts";
import { STATE_STYLES } from "../breaker-state.ts";
import type { BandSegment, TimeSpan } from "./band-segments.ts";

/** `Open`, `Half-open`, `5 % let through`: a step of a graded return is told by its share. */
export function stateWithShare(state: BreakerState, percent: number | null): string {
  return percent === null ? STATE_STYLES[state].word : `${percent.toString()}\u00a0% let through`;
}

/** `14:02:11 to 14:02:16 (5 s)`, `since 14:02:11 (12 s)`. */
function spanInWords({ fromMs, toMs }: TimeSpan, ongoing: boolean, nowMs: number): string {
  const from = formatMoment(fromMs, nowMs);
  const length = formatSpan(toMs - fromMs);
  return ongoing ? `since ${from} (${length})` : `${from} to ${formatMoment(toMs, nowMs)} (${length})`;
}

/** "Open 14:02:11 to 14:02:16 (5 s): 61 % of 20 calls failed". A span cut off by the axis says so by its time. */
export function segmentInWords(segment: BandSegment, nowMs: number): string {
  const when = spanInWords(segment, segment.ongoing, nowMs);
  if (segment.state === null) return `Nothing known ${when}`;
  const cause = segment.cause === "" ? "" : `: ${segment.cause}`;
  const state = stateWithShare(segment.state, segment.percent);
  if (segment.count > 1) return `${segment.count.toString()} states ${when}, the worst ${state.toLowerCase()}${cause}`;
  return `${state} ${when}${cause}`;
}

/** "Forced closed by Ada since 14:02:11 (12 s), all gateways: “trying it out”". */
export function overrideInWords(span: OverrideSpan, endMs: number, nowMs: number): string {
  const when = spanInWords({ fromMs: span.fromMs, toMs: span.toMs ?? endMs }, span.toMs === null, nowMs);
  return `${MODE_WORDS[span.mode]} by ${span.actor} ${when}, ${span.where}: “${span.reason}”`;
}
