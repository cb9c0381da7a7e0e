import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EMPTY_REGISTRY, type RegistryPicture } from "#domain/instance.ts";
import { RouteSpec } from "#domain/route.ts";
import { PersistentMap } from "#domain/persistent-map.ts";
import { changeSnapshot, snapshotChange } from "#domain/snapshot-change.ts";
import { EMPTY_SNAPSHOT, type PolicySnapshot } from "#domain/snapshot.ts";
import { applyRegistryChange, registryChange } from "./feed-change.ts";

const spec = RouteSpec.parse({ matches: [{}], destinations: [{ service: "a", weight: 1 }] });
const published = new Map<string, { id: string; revision: number; spec: RouteSpec }>(
  [1, 2, 3].flatMap((revision) => ["a", "b", "c"].map((id) => [`${id}${revision}`, { id, revision, spec }] as const)),
);
const snapshot = (revision: number, keys: readonly string[]): PolicySnapshot => ({
  ...EMPTY_SNAPSHOT,
  incarnation: "x",
  root: String(revision),
  revision,
  routes: PersistentMap.from(keys.flatMap((key) => published.get(key) ?? []).map((route) => [route.id, route])),
});
/** Maps without their order. */
const content = ({ routes, ...rest }: PolicySnapshot): unknown => ({ ...rest, routes: new Map(routes) });
const picture = (readAtMs: number, names: readonly string[]): RegistryPicture => ({
  ...EMPTY_REGISTRY,
  readAtMs,
  services: names.map((name) => ({
    name: name.charAt(0),
    instances: [],
    unreadable: [{ service: name, id: name, problem: "" }],
  })),
});
const steps = fc.array(fc.uniqueArray(fc.constantFrom(...published.keys()), { selector: (key) => key.charAt(0) }));

describe("what workers are told", () => {
  it("makes of what they have what there is, however it came about, also for one that starts late", () => {
    fc.assert(
      fc.property(steps, fc.nat(5), (all, late) => {
        let [told, toldLate]: [PolicySnapshot, PolicySnapshot | null] = [EMPTY_SNAPSHOT, null];
        let [registry, before]: [RegistryPicture, PolicySnapshot | null] = [EMPTY_REGISTRY, null];
        let known: RegistryPicture | null = null;
        for (const [step, keys] of all.entries()) {
          const [now, seen] = [snapshot(step, keys), picture(step, keys)];
          const change = snapshotChange(before, now);
          told = changeSnapshot(told, change);
          if (toldLate !== null) toldLate = changeSnapshot(toldLate, change);
          if (step === late) toldLate = changeSnapshot(EMPTY_SNAPSHOT, snapshotChange(null, now));
          registry = applyRegistryChange(registry, registryChange(known, seen));
          [before, known] = [now, seen];
          expect(content(told)).toEqual(content(now));
          expect(content(toldLate ?? now)).toEqual(content(now));
          expect(registry).toEqual(seen);
        }
      }),
    );
  });

  it("is only what has changed", () => {
    const change = snapshotChange(snapshot(1, ["a1", "b1", "c1"]), snapshot(2, ["a1", "b2"]));
    expect(change.routes.set.map(([id]) => id)).toEqual(["b"]);
    expect(change.routes.removed).toEqual(["c"]);
    expect(
      registryChange(picture(1, ["a1", "b1"]), picture(2, ["a1", "b2"])).services.set.map(([name]) => name),
    ).toEqual(["b"]);
  });
});
