import type { BreakerSecond, FleetBreaker, LivePicture } from "./live.ts";
import { isSameValue } from "./same-value.ts";

type PlacedReading = FleetBreaker["gateways"][number];
type Reading = PlacedReading["reading"];

/** What became of the seconds of a breaker: so many of the oldest are gone, these came. */
export interface HistoryChange {
  readonly drop: number;
  readonly add: readonly BreakerSecond[];
}

/** What changed of one breaker; what is not named is as before. */
export interface BreakerPatch {
  readonly key: string;
  readonly fields: Partial<Omit<FleetBreaker, "key" | "gateways" | "history">>;
  /** For each gateway, in the order before, the parts of its reading that changed; or all anew when there are others. */
  readonly gateways?: readonly PlacedReading[];
  readonly readings?: readonly (Partial<Reading> | null)[];
  readonly history?: HistoryChange;
}

/** The way from one list of breakers to the next. Both are in the order of their keys. */
export interface BreakerChanges {
  /** Breakers that were not there before. */
  readonly added: readonly FleetBreaker[];
  readonly patched: readonly BreakerPatch[];
  /** Keys of those that are gone. */
  readonly gone: readonly string[];
}

/**
 * What a follower of the live picture is told: first all of it, then with each picture only what changed of its breakers.
 * `sequence` counts the messages of one subscription; changes apply to the message just before, and to nothing else.
 */
export type LiveMessage =
  | { readonly kind: "whole"; readonly sequence: number; readonly picture: LivePicture }
  | {
      readonly kind: "changes";
      readonly sequence: number;
      readonly picture: Omit<LivePicture, "breakers">;
      readonly breakers: BreakerChanges;
    };

/** What has to be told to whom knows `before` so that it knows `after`. */
export function changesBetween(before: readonly FleetBreaker[], after: readonly FleetBreaker[]): BreakerChanges {
  const known = new Map(before.map((breaker) => [breaker.key, breaker]));
  const added: FleetBreaker[] = [];
  const patched: BreakerPatch[] = [];
  for (const breaker of after) {
    const one = known.get(breaker.key);
    known.delete(breaker.key);
    if (one === undefined) added.push(breaker);
    else if (one !== breaker) patched.push(...patchOf(one, breaker));
  }
  return { added, patched, gone: [...known.keys()] };
}

function patchOf(before: FleetBreaker, after: FleetBreaker): BreakerPatch[] {
  const { gateways, history, ...fields } = changedFields(before, after);
  const patch = {
    key: after.key,
    fields,
    ...(gateways !== undefined && readingsChange(before.gateways, gateways)),
    ...(history !== undefined && { history: historyChange(before.history, history) }),
  };
  return gateways === undefined && history === undefined && Object.keys(fields).length === 0 ? [] : [patch];
}

/** The fields of `after` that differ. Both have the same ones: what has no value is null there, never left out. */
function changedFields<Value extends object>(before: Value, after: Value): Partial<Value> {
  const changed: Partial<Value> = {};
  for (const name in after) if (!isSameValue(before[name], after[name])) changed[name] = after[name];
  return changed;
}

function readingsChange(
  before: readonly PlacedReading[],
  after: readonly PlacedReading[],
): Pick<BreakerPatch, "gateways" | "readings"> {
  const samePlaces =
    before.length === after.length &&
    after.every(
      ({ gatewayId, reading }, at) =>
        before[at]?.gatewayId === gatewayId && before[at].reading.worker === reading.worker,
    );
  if (!samePlaces) return { gateways: after };
  const readings = after.map(({ reading }, at) => {
    const known = before[at];
    if (known === undefined || known.reading === reading) return null;
    const changed = changedFields(known.reading, reading);
    return Object.keys(changed).length === 0 ? null : changed;
  });
  return { readings };
}

function historyChange(before: readonly BreakerSecond[], after: readonly BreakerSecond[]): HistoryChange {
  const [first] = after;
  if (first === undefined) return { drop: before.length, add: [] };
  const from = before.findIndex((second) => second.atMs >= first.atMs);
  const kept = from === -1 ? [] : before.slice(from);
  const continues = kept.length <= after.length && kept.every((second, at) => isSameValue(second, after[at]));
  return continues
    ? { drop: before.length - kept.length, add: after.slice(kept.length) }
    : { drop: before.length, add: after };
}

/** The list that `changes` lead to. Breakers that did not change are the same objects as before. */
export function applyChanges(before: readonly FleetBreaker[], changes: BreakerChanges): readonly FleetBreaker[] {
  const { added, patched, gone } = changes;
  if (added.length === 0 && patched.length === 0 && gone.length === 0) return before;
  const patches = new Map(patched.map((patch) => [patch.key, patch]));
  const left = new Set(gone);
  const kept = before
    .filter(({ key }) => !left.has(key))
    .map((breaker) => {
      const patch = patches.get(breaker.key);
      return patch === undefined ? breaker : applyPatch(breaker, patch);
    });
  return added.length === 0 ? kept : [...kept, ...added].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function applyPatch(before: FleetBreaker, patch: BreakerPatch): FleetBreaker {
  const { history } = patch;
  return {
    ...before,
    ...patch.fields,
    gateways: patch.gateways ?? applyReadings(before.gateways, patch.readings),
    history: history === undefined ? before.history : [...before.history.slice(history.drop), ...history.add],
  };
}

function applyReadings(before: readonly PlacedReading[], readings: BreakerPatch["readings"]): readonly PlacedReading[] {
  if (readings === undefined) return before;
  return before.map((placed, at) => {
    const changed = readings[at] ?? null;
    return changed === null ? placed : { ...placed, reading: { ...placed.reading, ...changed } };
  });
}
