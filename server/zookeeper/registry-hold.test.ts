import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RegistryService } from "#domain/instance.ts";
import { testInstance } from "#domain/test-instance.ts";
import { afterReturn, believe, NOTHING_HELD, rememberedFrom, type Belief, type HoldState } from "./registry-hold.ts";

const TIMES = { flapMs: 3000, windowMs: 10_000, holdMs: 15_000 };

/** `orders/1` or `orders/1/10.0.0.9`; each id has a port of its own. */
function services(...entries: string[]): RegistryService[] {
  const instances = entries.toSorted().map((entry) => {
    const [service = "", id = "", address = "10.0.0.1"] = entry.split("/");
    return testInstance({ service, id, address, port: 1000 + Number(id) });
  });
  return [...Map.groupBy(instances, ({ service }) => service)]
    .map(([name, own]) => ({ name, instances: own, unreadable: [] }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `orders/1`, `orders/2 leaving`. */
const shown = (state: HoldState): string[] =>
  state.services.flatMap(({ instances }) =>
    instances.map(({ service, id, presence }) => `${service}/${id}${presence === "present" ? "" : ` ${presence}`}`),
  );

/** A registry that is read by hand, at times given by hand. */
class Reader {
  state = NOTHING_HELD;
  last: Belief | null = null;
  read(nowMs: number, ...entries: string[]): string[] {
    this.last = believe(this.state, services(...entries), nowMs, TIMES);
    this.state = this.last.state;
    return shown(this.state);
  }
  back(nowMs: number): void {
    this.state = afterReturn(this.state, nowMs);
  }
}

const ten = Array.from({ length: 10 }, (_, n) => `a/${n}`);

describe("one instance that is missing", () => {
  it("is leaving for the flap time, and then gone", () => {
    const reader = new Reader();
    reader.read(0, "a/1", "a/2", "b/1");
    expect(reader.read(1000, "a/1", "b/1")).toEqual(["a/1", "a/2 leaving", "b/1"]);
    expect(reader.last?.lookAgainMs).toBe(3000);
    expect(reader.read(3999, "a/1", "b/1")).toEqual(["a/1", "a/2 leaving", "b/1"]);
    expect(reader.read(4000, "a/1", "b/1")).toEqual(["a/1", "b/1"]);
    expect(reader.last).toMatchObject({ lookAgainMs: null, doubted: 0, letGo: 0 });
  });

  it("was never away when it is back in time, also as the last of its service", () => {
    const reader = new Reader();
    reader.read(0, "a/1", "a/2", "b/1");
    expect(reader.read(100, "a/1", "a/2")).toEqual(["a/1", "a/2", "b/1 leaving"]);
    expect(reader.read(2900, "a/1", "a/2", "b/1")).toEqual(["a/1", "a/2", "b/1"]);
    expect(reader.last?.lookAgainMs).toBeNull();
    // Missed again later, it has its whole time again.
    expect(reader.read(5000, "a/1", "a/2")).toEqual(["a/1", "a/2", "b/1 leaving"]);
    expect(reader.last?.lookAgainMs).toBe(3000);
  });

  it("has moved when its id is elsewhere, and was restarted when its place has another id", () => {
    const reader = new Reader();
    reader.read(0, "a/1", "a/2", "a/3");
    expect(reader.read(1, "a/1/10.0.0.9", "a/2", "a/3")).toEqual(["a/1", "a/2", "a/3"]);
    const restarted = services("a/1", "a/2").map((service) => ({
      ...service,
      instances: service.instances.map((one) => (one.id === "2" ? { ...one, id: "other" } : one)),
    }));
    const before = believe(NOTHING_HELD, services("a/1", "a/2"), 0, TIMES);
    expect(shown(believe(before.state, restarted, 1, TIMES).state)).toEqual(["a/1", "a/other"]);
  });
});

describe("a mass disappearance", () => {
  it("is not believed for 15 s, although ZooKeeper never was away", () => {
    const reader = new Reader();
    reader.read(0, ...ten);
    expect(reader.read(1000, "a/0").filter((one) => one.endsWith(" unconfirmed"))).toHaveLength(9);
    expect(reader.last).toMatchObject({ doubted: 9, letGo: 0, lookAgainMs: 15_000 });
    expect(reader.read(15_999, "a/0")).toHaveLength(10);
    expect(reader.read(16_000, "a/0")).toEqual(["a/0"]);
    expect(reader.last).toMatchObject({ doubted: 0, letGo: 9 });
  });

  it("counts what goes one by one within the window, and whoever was let go in it", () => {
    const reader = new Reader();
    reader.read(0, ...ten);
    for (let n = 1; n <= 5; n += 1) reader.read(n * 1000, ...ten.slice(n));
    // Half is not more than half; the first two are gone by now, and the third would go with the next reading.
    expect(shown(reader.state)).toEqual(["a/2 leaving", "a/3 leaving", "a/4 leaving", ...ten.slice(5)]);
    expect(reader.read(6000, ...ten.slice(6)).filter((one) => one.endsWith("unconfirmed"))).toHaveLength(4);
  });

  it("is none when it is slow, or of two instances", () => {
    const slow = new Reader();
    slow.read(0, ...ten);
    for (let n = 1; n <= 10; n += 1) slow.read(n * 6000, ...ten.slice(n));
    expect(shown(slow.state)).toEqual(["a/9 leaving"]);
    const few = new Reader();
    few.read(0, "a/1", "a/2");
    expect(few.read(1)).toEqual(["a/1 leaving", "a/2 leaving"]);
  });

  it("is not one server that restarts again and again", () => {
    const reader = new Reader();
    reader.read(0, "a/1", "b/1");
    for (const [atMs, id] of [
      [1000, "2"],
      [4000, "3"],
      [7000, "4"],
    ] as const) {
      reader.read(atMs, "b/1");
      reader.read(atMs + 2000, "b/1", `a/${id}`);
    }
    expect(reader.read(10_000, "b/1")).toEqual(["a/4 leaving", "b/1"]);
  });

  it("keeps whoever is slow to come back, when most are back already", () => {
    const reader = new Reader();
    reader.read(0, ...ten);
    reader.read(1000);
    reader.read(2000, ...ten.slice(0, 8));
    expect(reader.read(15_999, ...ten.slice(0, 8))).toEqual([...ten.slice(0, 8), "a/8 unconfirmed", "a/9 unconfirmed"]);
    expect(reader.read(16_000, ...ten.slice(0, 8))).toEqual(ten.slice(0, 8));
  });

  it("may be of a single instance in the first reading after ZooKeeper was away", () => {
    const reader = new Reader();
    reader.read(0, "a/1");
    reader.back(60_000);
    expect(reader.read(60_100)).toEqual(["a/1 unconfirmed"]);
    expect(reader.read(75_099)).toEqual(["a/1 unconfirmed"]);
    expect(reader.read(75_100)).toEqual([]);
  });

  it("gives its time anew when ZooKeeper is away meanwhile, and not for ever", () => {
    const reader = new Reader();
    reader.read(0, ...ten);
    reader.read(1000);
    reader.back(600_000);
    expect(reader.read(614_999)).toHaveLength(10);
    for (const atMs of [615_000, 629_000]) reader.back(atMs);
    expect(reader.read(643_999)).toHaveLength(10);
    reader.back(643_999);
    expect(reader.read(644_000)).toEqual([]);
  });
});

describe("a process that starts while most are missing", () => {
  const started = (...entries: string[]): Reader => {
    const reader = new Reader();
    reader.state = rememberedFrom(services(...entries));
    return reader;
  };

  it("holds whom it remembers for the same bounded time, from its first reading on", () => {
    const reader = started(...ten, "b/1");
    expect(reader.read(500_000)).toHaveLength(11);
    expect(shown(reader.state).every((one) => one.endsWith(" unconfirmed"))).toBe(true);
    expect(reader.read(514_999)).toHaveLength(11);
    expect(reader.read(515_000)).toEqual([]);
    expect(reader.last).toMatchObject({ letGo: 11, lookAgainMs: null });
  });

  it("gives up whom it remembers of a service as soon as somebody of it registers, and only of that", () => {
    const reader = started("a/1", "a/2", "b/1", "b/2");
    reader.read(0);
    expect(reader.read(1000, "a/3")).toEqual(["a/3", "b/1 unconfirmed", "b/2 unconfirmed"]);
    expect(reader.read(15_000, "a/3")).toEqual(["a/3"]);
  });

  it("takes what it remembers for what was there: who is there still is no news, who left is leaving", () => {
    const reader = started("a/1", "a/2", "b/1");
    expect(reader.read(0, "a/1", "a/2")).toEqual(["a/1", "a/2", "b/1 leaving"]);
    expect(reader.read(3000, "a/1", "a/2")).toEqual(["a/1", "a/2"]);
  });

  it("that was told of a mass disappearance before gives it its time once more, whatever it was told of its presence", () => {
    const before = new Reader();
    before.read(0, ...ten);
    before.read(1000);
    const reader = new Reader();
    reader.state = rememberedFrom(before.state.services);
    expect(reader.read(0, "a/0")).toEqual(["a/0"]);
    reader.state = rememberedFrom(before.state.services);
    expect(reader.read(0).filter((one) => one.endsWith(" unconfirmed"))).toHaveLength(10);
    // Seen since, one that vanishes is missed like any other.
    reader.read(1, ...ten);
    expect(reader.read(2, "a/0").filter((one) => one.endsWith(" unconfirmed"))).toHaveLength(9);
  });
});

describe("whatever is read, and whenever", () => {
  const names = fc.uniqueArray(fc.constantFrom("a/1", "a/2", "a/3", "b/1", "b/2", "c/1", "c/2"));
  const step = fc.record({ afterMs: fc.nat(5000), read: names, back: fc.boolean() });

  it("who is there is shown as present; nobody is held beyond what returns of ZooKeeper allow; all is sorted", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), names, (steps, remembered) => {
        const reader = new Reader();
        if (remembered.length > 0) reader.state = rememberedFrom(services(...remembered));
        let nowMs = 0;
        for (const { afterMs, read, back } of steps) {
          nowMs += afterMs;
          if (back) reader.back(nowMs);
          const all = reader.read(nowMs, ...read);
          expect(all).toEqual(expect.arrayContaining(read));
          const there = all.map((one) => one.replace(/ .*/, ""));
          expect(there).toEqual(there.toSorted());
          expect(new Set(there).size).toBe(all.length);
        }
        const left = steps.at(-1)?.read ?? [];
        reader.read(nowMs, ...left);
        expect(reader.read(nowMs + TIMES.holdMs, ...left).toSorted()).toEqual(left.toSorted());
      }),
      { numRuns: 500 },
    );
  });

  it("a reading without news leaves every service the same object", () => {
    const before = services("a/1", "a/2", "b/1", "c/1");
    const first = believe(NOTHING_HELD, before, 0, TIMES);
    const [a, b] = before;
    const left = believe(
      first.state,
      [a, b].flatMap((one) => one ?? []),
      1,
      TIMES,
    );
    const again = believe(left.state, left.state.fresh, 2, TIMES);
    expect(left.state.services.map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect(again.state.services.every((service, at) => service === left.state.services[at])).toBe(true);
    expect(left.state.services[0]).toBe(a);
  });
});
