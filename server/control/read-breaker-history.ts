import { z } from "zod";
import { MAX_ENTRIES, readEdits, readOverrideEntries, readTransitions } from "#db/breaker-audit-repository.ts";
import type { AuditEntry } from "#domain/audit.ts";
import type { BreakerHistory, GatewayTimeline, HistoryQuery } from "#domain/breaker-history.ts";
import { breakerTargetId, type BreakerTarget } from "#domain/breaker-policy.ts";
import { buildTimelines, type PresentState, type RecordedTransition } from "#domain/breaker-timeline.ts";
import { bucketWidthMs, buildBuckets } from "#domain/history-buckets.ts";
import type { LivePicture } from "#domain/live.ts";
import { overrideSpans } from "#domain/override-spans.ts";
import { policyKey } from "#domain/policy.ts";
import type { RecordedSecond } from "#domain/recorded-second.ts";
import { BreakerState } from "#domain/traffic.ts";
import type { Live } from "#telemetry/live.ts";
import type { CallRecorder } from "./call-recorder.ts";
import { nowMs, type ControlDeps } from "./edit.ts";
import { callRecord, readKeptCalls, type CallRecord } from "./read-call-record.ts";
import { takeTurns } from "./take-turns.ts";

/** What the history of breakers is put together from. */
export interface HistoryDeps extends ControlDeps {
  readonly live: Pick<Live, "current">;
  readonly recorder: Pick<CallRecorder, "held" | "hours">;
}

/**
 * One time axis for a command up to now: its traffic, the states of its breakers, overrides, and edits of what binds it.
 * @throws MeshError DATABASE_DOWN.
 */
export async function readBreakerHistory(deps: HistoryDeps, query: HistoryQuery): Promise<BreakerHistory> {
  const { routeId, service, spanMs } = query;
  const toMs = nowMs(deps);
  const fromMs = toMs - spanMs;
  const bucketMs = bucketWidthMs(spanMs);
  const keys = keysOf(routeId, service);
  const held = deps.recorder.held.callsOf(routeId, service);
  const { kept, transitions, overrides, edits } = await deps.database.snapshot(async (tx) => ({
    kept: await readKeptCalls(tx, { routeId, service, fromMs, toMs }),
    transitions: await readTransitions(tx, keys.breaker, fromMs),
    overrides: await readOverrideEntries(tx, keys.overrides),
    edits: await readEdits(tx, keys.policies, fromMs),
  }));
  const record = await callRecord(kept, held, { routeId, service, fromMs, toMs });
  const lastHeardMs = (gatewayId: string): number | null =>
    record.gateways.find((one) => one.gatewayId === gatewayId)?.lastMs ?? null;
  // Of more than are read, the first one read is not the first there was.
  const isWhole = transitions.length < MAX_ENTRIES;
  const firstHeardMs = (gatewayId: string): number | null =>
    isWhole ? firstSecondMs(record.gateways.find((one) => one.gatewayId === gatewayId)?.seconds ?? []) : null;
  return {
    fromMs,
    toMs,
    bucketMs,
    buckets: await takeTurns(buildBuckets(secondsOf(record), bucketMs)),
    timelines: timelinesOf(transitions, presentStates(deps.live.current(), query), fromMs, lastHeardMs, firstHeardMs),
    overrides: overrideSpans(overrides, fromMs, toMs),
    marks: edits.map(({ atMs, summary, actor, sequence }) => ({
      atMs,
      text: summary,
      actor: actor.name,
      auditSequence: sequence,
    })),
    recordedSinceMs: record.sinceMs,
  };
}

function* secondsOf({ gateways }: CallRecord): Generator<RecordedSecond> {
  for (const { seconds } of gateways) yield* seconds;
}

/** What the audit log calls the things that concern a command. */
function keysOf(
  routeId: string,
  service: string,
): { breaker: string; overrides: readonly string[]; policies: readonly string[] } {
  const targets: readonly BreakerTarget[] = [
    { kind: "command", routeId, service },
    { kind: "service", service },
  ];
  const ids = targets.map(breakerTargetId);
  return {
    breaker: policyKey("breakers", ids[0] ?? ""),
    overrides: [...ids.map((id) => `${policyKey("overrides", id)}@`), policyKey("overrides", `instance:${service}:`)],
    policies: [...ids.map((id) => policyKey("breakers", id)), policyKey("routes", routeId)],
  };
}

/** When the first second with calls began; null when there is none. */
function firstSecondMs(seconds: Iterable<RecordedSecond>): number | null {
  for (const { atMs } of seconds) return atMs;
  return null;
}

/** As `recordTransitions` writes it. */
const RecordedBefore = z.object({ state: BreakerState });
const Recorded = z.object({
  state: BreakerState,
  percent: z.int().nullable().default(null),
  cause: z.string(),
  atMs: z.number(),
});

function timelinesOf(
  entries: readonly AuditEntry[],
  present: readonly PresentState[],
  fromMs: number,
  lastHeardMs: (gatewayId: string) => number | null,
  firstHeardMs: (gatewayId: string) => number | null,
): GatewayTimeline[] {
  const transitions = entries.flatMap(({ actor, before, after }): RecordedTransition[] => {
    const recorded = Recorded.safeParse(after);
    if (!recorded.success) return [];
    const { state, percent, cause, atMs } = recorded.data;
    const from = RecordedBefore.safeParse(before).data?.state ?? null;
    return [{ gatewayId: actor.id, ...workerIn(cause), atMs, from, to: state, percent }];
  });
  return buildTimelines(transitions, present, fromMs, lastHeardMs, firstHeardMs);
}

/** A gateway with workers puts the worker's number before the cause. */
function workerIn(text: string): { worker: number | null; cause: string } {
  const [, number, cause] = /^worker (\d+): (.*)$/s.exec(text) ?? [];
  return number === undefined || cause === undefined
    ? { worker: null, cause: text }
    : { worker: Number(number), cause };
}

function presentStates(picture: LivePicture, { routeId, service }: HistoryQuery): PresentState[] {
  const breaker = picture.breakers.find((one) => one.routeId === routeId && one.service === service);
  return (breaker?.gateways ?? []).map(({ gatewayId, reading }) => ({
    gatewayId,
    worker: reading.worker,
    sinceMs: reading.sinceMs,
    state: reading.state,
    percent: reading.readmission?.percent ?? null,
    cause: reading.cause,
  }));
}
