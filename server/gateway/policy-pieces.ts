import { changeSnapshot, snapshotChange } from "#domain/snapshot-change.ts";
import type { PolicySnapshot } from "#domain/snapshot.ts";

/** Routes compiled at once: 500 keep a gateway from everything else for about 30 ms. */
export const ROUTES_AT_ONCE = 500;

/**
 * The next snapshot on the way from one to another: at most `ROUTES_AT_ONCE` routes further, or the other itself, the very
 * object, once that is near. What binds routes comes first, removals come last: nobody is to be served by what lies between.
 */
export function pieceTowards(before: PolicySnapshot, goal: PolicySnapshot): PolicySnapshot {
  const change = snapshotChange(before, goal);
  const { set, removed } = change.routes;
  if (set.length + removed.length <= ROUTES_AT_ONCE) return goal;
  const some = set.slice(0, ROUTES_AT_ONCE);
  const routes = { set: some, removed: removed.slice(0, ROUTES_AT_ONCE - some.length) };
  return changeSnapshot(before, { ...change, routes });
}
