import fc from "fast-check";
import { expect, it } from "vitest";
import { mapChange, PersistentMap } from "./persistent-map.ts";

const Keys = fc.oneof(fc.constantFrom("a", "b", "c", "__proto__", ""), fc.string());
const Change = fc.record({
  set: fc.array(fc.tuple(Keys, fc.option(fc.nat(3), { nil: undefined }))),
  removed: fc.array(Keys),
});
const sorted = <Value>(map: ReadonlyMap<string, Value>): [string, Value][] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

it("says what a Map says after any changes, and no version is changed by a later one", () => {
  fc.assert(
    fc.property(fc.array(Change), fc.array(Keys), (changes, asked) => {
      const model = new Map<string, number | undefined>();
      let map = PersistentMap.empty<number | undefined>();
      const versions: { map: PersistentMap<number | undefined>; said: unknown }[] = [];
      for (const { set, removed } of changes) {
        for (const key of removed) model.delete(key);
        for (const [key, value] of set) model.set(key, value);
        map = map.changed({ set, removed });
        expect(sorted(map)).toEqual(sorted(model));
        expect(map.size).toBe(model.size);
        expect([...map.keys()].sort()).toEqual([...model.keys()].sort());
        expect([...map.values()]).toHaveLength(model.size);
        for (const key of asked) expect([map.get(key), map.has(key)]).toEqual([model.get(key), model.has(key)]);
        versions.push({ map, said: sorted(map) });
      }
      for (const version of versions) expect(sorted(version.map)).toEqual(version.said);
    }),
  );
});

it("tells what differs between any two versions, and between it and a plain Map", () => {
  fc.assert(
    fc.property(fc.array(Change, { minLength: 2 }), fc.nat(), fc.boolean(), (changes, pick, plain) => {
      let map = PersistentMap.empty<number | undefined>();
      const versions = changes.map((change) => (map = map.changed(change)));
      const before = versions[pick % versions.length] ?? map;
      const change = mapChange(plain ? new Map(before) : before, map);
      expect(sorted(before.changed(change))).toEqual(sorted(map));
      expect(change.set.filter(([key, value]) => before.has(key) && before.get(key) === value)).toEqual([]);
      expect(change.removed.filter((key) => !before.has(key) || map.has(key))).toEqual([]);
    }),
  );
});

it("is itself again when nothing changes, and the same whatever it is made of", () => {
  const map = PersistentMap.from([
    ["a", 1],
    ["b", 2],
  ]);
  expect(map.changed({ set: [["a", 1]], removed: ["c"] })).toBe(map);
  expect(PersistentMap.from(map)).toBe(map);
  const seen: unknown[] = [];
  map.forEach((value, key) => seen.push([key, value]));
  expect(seen).toHaveLength(2);
});
