import type { GatewayTimeline, StateSpan } from "./breaker-history.ts";
import type { BreakerState } from "./traffic.ts";

/** A recorded transition of a command's breaker. */
export interface RecordedTransition {
  readonly gatewayId: string;
  readonly worker: number | null;
  /** Unix epoch by the console's clock, ms. */
  readonly atMs: number;
  /** Null: the record does not say. */
  readonly from: BreakerState | null;
  readonly to: BreakerState;
  readonly percent: number | null;
  readonly cause: string;
}

/** How a breaker stands now, by its gateway's latest window. */
export interface PresentState {
  readonly gatewayId: string;
  readonly worker: number | null;
  readonly sinceMs: number;
  readonly state: BreakerState;
  readonly percent: number | null;
  readonly cause: string;
}

/**
 * The automatic states of each gateway and worker from `fromMs` on. `transitions` are oldest first, and for each breaker begin
 * with the last one before `fromMs`, if any. What the gateways say at present corrects the end: a gateway that was started anew
 * may have forgotten what its last recorded transition led to. `lastHeardMs` tells until when a gateway that says nothing was there,
 * `firstHeardMs` since when: until its first transition, a breaker was in the state that it left.
 */
export function buildTimelines(
  transitions: readonly RecordedTransition[],
  present: readonly PresentState[],
  fromMs: number,
  lastHeardMs: (gatewayId: string) => number | null,
  firstHeardMs: (gatewayId: string) => number | null,
): GatewayTimeline[] {
  const keys = new Map<string, { gatewayId: string; worker: number | null }>();
  for (const { gatewayId, worker } of [...transitions, ...present])
    keys.set(keyOf({ gatewayId, worker }), { gatewayId, worker });
  return [...keys]
    .map(([key, { gatewayId, worker }]) => {
      const own = transitions.filter((one) => keyOf(one) === key);
      const begun = [...before(own[0], firstHeardMs(gatewayId)), ...own.map(spanOf)];
      const now = present.find((one) => keyOf(one) === key);
      const spans = now === undefined ? ended(begun, lastHeardMs(gatewayId)) : upTo(begun, now);
      return { gatewayId, worker, spans: joined(spans).filter(({ toMs }) => toMs === null || toMs > fromMs) };
    })
    .filter(({ spans }) => spans.length > 0)
    .toSorted((a, b) =>
      a.gatewayId === b.gatewayId ? (a.worker ?? 0) - (b.worker ?? 0) : a.gatewayId < b.gatewayId ? -1 : 1,
    );
}

function keyOf({ gatewayId, worker }: { readonly gatewayId: string; readonly worker: number | null }): string {
  return `${worker ?? ""} ${gatewayId}`;
}

function spanOf({ atMs, to, percent, cause }: RecordedTransition): StateSpan {
  return { fromMs: atMs, toMs: null, state: to, percent, cause };
}

function before(first: RecordedTransition | undefined, heardMs: number | null): StateSpan[] {
  if (first === undefined || first.from === null || heardMs === null || heardMs >= first.atMs) return [];
  return [{ fromMs: heardMs, toMs: null, state: first.from, percent: null, cause: "" }];
}

/** With what the gateway says now at the end, unless the record says it already, or knows better: it may be the newer of the two. */
function upTo(begun: readonly StateSpan[], { sinceMs, state, percent, cause }: PresentState): StateSpan[] {
  const last = begun.at(-1);
  const isNews = last === undefined || ((last.state !== state || last.percent !== percent) && sinceMs > last.fromMs);
  return isNews ? [...begun, { fromMs: sinceMs, toMs: null, state, percent, cause }] : [...begun];
}

function ended(begun: readonly StateSpan[], lastHeardMs: number | null): StateSpan[] {
  const last = begun.at(-1);
  if (last === undefined) return [];
  return [...begun.slice(0, -1), { ...last, toMs: Math.max(last.fromMs, lastHeardMs ?? last.fromMs) }];
}

/** Each ends where the next begins. */
function joined(spans: readonly StateSpan[]): StateSpan[] {
  return spans.map((span, at) => ({ ...span, toMs: spans[at + 1]?.fromMs ?? span.toMs }));
}
