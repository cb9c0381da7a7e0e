import { describe, expect, it } from "vitest";
import { soleTrouble, type Severity, type Trouble } from "./trouble.ts";
import { isShown, watchTroubles, type WatchedTrouble } from "./trouble-watch.ts";

function trouble(id: string, failingPerSecond: number, severity: Severity = "bad", graceMs = 0): Trouble {
  const fact = { severity, rank: 1, title: id, why: "", sinceMs: null, advice: "", places: [] };
  const affects = { requestsPerSecond: 0, failingPerSecond, fallbackPerSecond: 0, callers: [] };
  return { ...soleTrouble(id, fact), affects, graceMs };
}

const ids = (watched: readonly WatchedTrouble[]): string[] =>
  watched.map(({ trouble: { id }, endedAtMs }) => (endedAtMs === null ? id : `${id} ended`));

describe("watchTroubles", () => {
  it("keeps the order while figures sway, and follows when one has doubled", () => {
    let watched = watchTroubles([], [trouble("service:a", 10), trouble("service:b", 9)], 0);
    expect(ids(watched)).toEqual(["service:a", "service:b"]);
    watched = watchTroubles(watched, [trouble("service:b", 12), trouble("service:a", 8)], 1000);
    expect(ids(watched)).toEqual(["service:a", "service:b"]);
    watched = watchTroubles(watched, [trouble("service:b", 30), trouble("service:a", 8)], 2000);
    expect(ids(watched)).toEqual(["service:b", "service:a"]);
    expect(watched.map(({ firstSeenMs }) => firstSeenMs)).toEqual([0, 0]);
  });

  it("puts a worse one before what is there, whatever its figures", () => {
    const before = watchTroubles([], [trouble("service:a", 100, "warn")], 0);
    expect(ids(watchTroubles(before, [trouble("service:a", 100, "warn"), trouble("service:b", 0)], 1000))).toEqual([
      "service:b",
      "service:a",
    ]);
  });

  it("shows what ended for a minute, after what stands, and forgets it then", () => {
    let watched = watchTroubles([], [trouble("service:a", 5), trouble("service:b", 1)], 0);
    watched = watchTroubles(watched, [trouble("service:b", 1)], 1000);
    expect(ids(watched)).toEqual(["service:b", "service:a ended"]);
    watched = watchTroubles(watched, [trouble("service:b", 1)], 60_999);
    expect(ids(watched)).toEqual(["service:b", "service:a ended"]);
    expect(ids(watchTroubles(watched, [trouble("service:b", 1)], 61_000))).toEqual(["service:b"]);
  });

  it("remembers an ended one for the worst that it was", () => {
    const open = { ...trouble("service:a", 5), title: "its breaker is open" };
    const eased = { ...trouble("service:a", 0, "warn"), title: "an instance is out" };
    const watched = [[open], [eased], []].reduce<readonly WatchedTrouble[]>(
      (before, told, at) => watchTroubles(before, told, at * 1000),
      [],
    );
    expect(ids(watched)).toEqual(["service:a ended"]);
    expect(watched.map(({ trouble: last, worst }) => [last.title, worst.title])).toEqual([
      ["an instance is out", "its breaker is open"],
    ]);
  });

  it("begins anew with what comes back after it ended", () => {
    const ended = watchTroubles(watchTroubles([], [trouble("service:a", 5)], 0), [], 1000);
    const again = watchTroubles(ended, [trouble("service:a", 5)], 2000);
    expect(ids(again)).toEqual(["service:a"]);
    expect(again[0]?.firstSeenMs).toBe(2000);
  });

  it("neither shows nor ends what did not stand for long enough", () => {
    const watched = watchTroubles([], [trouble("gateway:a", 0, "warn", 5000)], 0);
    expect(watched.map((one) => isShown(one, 4999))).toEqual([false]);
    expect(watched.map((one) => isShown(one, 5000))).toEqual([true]);
    expect(watchTroubles(watched, [], 4000)).toEqual([]);
  });
});
