import { setImmediate as turn } from "node:timers/promises";
import { pino } from "pino";
import { expect, it } from "vitest";
import { EMPTY_REGISTRY } from "#domain/instance.ts";
import { changeSnapshot, SnapshotDraft } from "#domain/snapshot-change.ts";
import { EMPTY_SNAPSHOT, type PolicySnapshot } from "#domain/snapshot.ts";
import { testRoute } from "#domain/test-route.ts";
import { systemClock } from "#platform/clock.ts";
import { LiveMesh } from "./live-mesh.ts";
import type { Mesh } from "./mesh.ts";
import { pieceTowards, ROUTES_AT_ONCE } from "./policy-pieces.ts";
import { RuntimeState } from "./runtime-state.ts";

const never = (): undefined => undefined;

/** The next snapshot: routes `from` to `to` made or changed, those before `from` removed. */
function next(before: PolicySnapshot, from: number, to: number): PolicySnapshot {
  const revision = before.revision + 1;
  const draft = new SnapshotDraft();
  for (const id of before.routes.keys()) if (Number(id.slice(1)) < from) draft.remove("routes", id);
  for (let index = from; index < to; index += 1)
    draft.set({ kind: "routes", published: testRoute(`r${index}`, {}, revision) });
  return changeSnapshot(before, draft.change({ incarnation: "db", revision, root: "" }));
}

const first = next(EMPTY_SNAPSHOT, 0, 2);

/** A mesh that has `first` in force, and all that was put in force since. */
async function inForce(): Promise<{ live: LiveMesh; told: Mesh[]; publish: (snapshot: PolicySnapshot) => void }> {
  let current = first;
  const listeners: (() => void)[] = [];
  const told: Mesh[] = [];
  const live = new LiveMesh({
    gatewayId: "gw",
    policy: {
      current: () => current,
      refused: () => [],
      onSnapshot: (listener) => {
        listeners.push(listener);
        return never;
      },
      ready: Promise.resolve(),
    },
    registry: { current: () => EMPTY_REGISTRY, onPicture: () => never, ready: Promise.resolve() },
    lastGood: null,
    state: new RuntimeState(systemClock, new Map(), never, never),
    zone: "",
    onChange: (mesh) => void told.push(mesh),
    log: pino({ level: "silent" }),
  });
  await turn();
  told.length = 0;
  const publish = (snapshot: PolicySnapshot): void => {
    current = snapshot;
    for (const listener of listeners) listener();
  };
  return { live, told, publish };
}

it("puts a small change in force at once", async () => {
  const { live, told, publish } = await inForce();
  const second = next(first, 0, ROUTES_AT_ONCE);
  publish(second);
  expect(told.map(({ policy }) => policy.source)).toEqual([second]);
  live.stop();
});

it("compiles a large change a piece at a time, serves by what there was meanwhile, and puts it in force whole", async () => {
  const { live, told, publish } = await inForce();
  const large = next(first, 1, 3 * ROUTES_AT_ONCE);
  publish(large);
  let turns = 0;
  for (; told.length === 0; turns += 1) {
    expect(live.current()?.policy.source).toBe(first);
    expect([...(live.current()?.policy.routes.keys() ?? [])].sort()).toEqual(["r0", "r1"]);
    await turn();
  }
  expect(turns).toBeGreaterThanOrEqual(2);
  expect(told).toHaveLength(1);
  expect(live.current()?.policy.source).toBe(large);
  expect([...(live.current()?.policy.routes.keys() ?? [])].sort()).toEqual([...large.routes.keys()].sort());
  live.stop();
});

it("goes on towards the latest when policy changes meanwhile, and back to what it was if that is it", async () => {
  const { live, told, publish } = await inForce();
  publish(next(first, 0, 3 * ROUTES_AT_ONCE));
  const latest = next(first, 1, 2 * ROUTES_AT_ONCE);
  publish(latest);
  while (told.length === 0) await turn();
  expect(told.map(({ policy }) => policy.source)).toEqual([latest]);
  publish(next(latest, 0, 4 * ROUTES_AT_ONCE));
  publish(latest);
  while (told.length === 1) await turn();
  expect(live.current()?.policy.source).toBe(latest);
  expect([...(live.current()?.policy.routes.keys() ?? [])].sort()).toEqual([...latest.routes.keys()].sort());
  live.stop();
});

it("ends with its owner", async () => {
  const { live, told, publish } = await inForce();
  publish(next(first, 0, 3 * ROUTES_AT_ONCE));
  live.stop();
  for (let index = 0; index < 5; index += 1) await turn();
  expect(told).toEqual([]);
});

it("takes steps that end at the goal itself, also where routes are removed", () => {
  const large = next(first, 0, 2 * ROUTES_AT_ONCE + 10);
  const empty = next(large, 3 * ROUTES_AT_ONCE, 3 * ROUTES_AT_ONCE + 1);
  let [at, steps] = [large, 0];
  for (; at !== empty; steps += 1) at = pieceTowards(at, empty);
  expect(steps).toBe(3);
});
