import { describe, expect, it } from "vitest";
import { HashRing } from "./hash-ring.ts";
import { stableHash } from "./stable-hash.ts";

const KEYS = Array.from({ length: 5000 }, (_, n) => `user-${n}`);
const members = (names: readonly string[], weight = 100) => names.map((name) => ({ name, weight }));
const all = (): boolean => true;

function owners(ring: HashRing, names: readonly string[], usable: (member: number) => boolean = all): string[] {
  return KEYS.map((key) => names[ring.find(stableHash(key), usable)] ?? "nobody");
}
function counts(owned: readonly string[]): Record<string, number> {
  const seen: Record<string, number> = {};
  for (const owner of owned) seen[owner] = (seen[owner] ?? 0) + 1;
  return seen;
}
/** Who has the keys that were not c's. */
const others = (before: readonly string[], after: readonly string[]): string[] =>
  after.filter((_, at) => before[at] !== "c");

describe("hash ring", () => {
  const names = ["a", "b", "c", "d", "e"];
  const before = owners(new HashRing(members(names), 100), names);

  it("divides keys about evenly, and by weight", () => {
    for (const count of Object.values(counts(before))) expect(Math.abs(count - 1000)).toBeLessThan(250);
    const ring = new HashRing([...members(["a", "b"]), { name: "half", weight: 50 }], 100);
    const { half = 0 } = counts(owners(ring, ["a", "b", "half"]));
    expect(Math.abs(half - 1000)).toBeLessThan(250);
  });

  it("moves only the keys of a member that leaves, in whatever order the others are listed", () => {
    const left = ["e", "a", "d", "b"];
    const after = owners(new HashRing(members(left), 100), left);
    expect(others(before, after)).toEqual(others(before, before));
    expect(counts(after)["c"]).toBeUndefined();
  });

  it("moves only the keys of a member that may not be used for now, and spreads them over the others", () => {
    const after = owners(new HashRing(members(names), 100), names, (member) => names[member] !== "c");
    const heirs = before.flatMap((owner, at) => (owner === "c" ? [after[at] ?? ""] : []));
    expect(others(before, after)).toEqual(others(before, before));
    expect(Object.keys(counts(heirs)).sort()).toEqual(["a", "b", "d", "e"]);
  });

  it("finds nobody when none may be used, or there is none", () => {
    expect(new HashRing(members(names), 100).find(1, () => false)).toBe(-1);
    expect(new HashRing([], 100).find(1, all)).toBe(-1);
    expect(new HashRing([{ name: "a", weight: 0 }], 100).find(1, all)).toBe(-1);
  });

  it("has no more points than it may, whatever members weigh", () => {
    const crowd = Array.from({ length: 20_000 }, (_, index) => ({ name: `m${index}`, weight: 1000 }));
    const heavy = new HashRing(crowd, 100);
    expect(heavy.size).toBeLessThanOrEqual(131_072 + crowd.length);
    expect(heavy.find(12_345, () => true)).toBeGreaterThanOrEqual(0);
  });
});
