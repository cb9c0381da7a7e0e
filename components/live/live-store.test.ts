import { describe, expect, it } from "vitest";
import { changesBetween, FIELD_NAMES, type LiveMessage } from "#domain/live-changes.ts";
import type { LivePicture } from "#domain/live.ts";
import { testBreaker, testPicture } from "#domain/test-picture.ts";
import { createLiveStore } from "./live-store.ts";

const picture = (atMs: number, ...breakers: (readonly [string, number])[]): LivePicture =>
  testPicture({ atMs, breakers: breakers.map(([key, offeredPerSecond]) => testBreaker({ key, offeredPerSecond })) });
const whole = (id: string, shown: LivePicture) =>
  ({ id, data: { kind: "whole", picture: shown, names: FIELD_NAMES } }) as const;
const changes = (id: string, since: string, from: LivePicture, to: LivePicture): { id: string; data: LiveMessage } => ({
  id,
  data: { kind: "changes", since, patch: changesBetween(from, to) },
});

const FIRST = picture(1, ["a", 1], ["b", 1]);
const SECOND = picture(2, ["a", 1], ["b", 2]);
const THIRD = picture(3, ["b", 3]);

describe("the live store", () => {
  it("puts pictures together again, and keeps what did not change", () => {
    const store = createLiveStore(0);
    expect(store.receive(whole("1", FIRST), 10)).toBe(true);
    const [kept] = store.get().picture?.breakers ?? [];
    expect(store.receive(changes("2", "1", FIRST, SECOND), 11)).toBe(true);
    expect(store.get().picture).toEqual(SECOND);
    expect(store.get().picture?.breakers[0]).toBe(kept);
    store.receive(changes("3", "2", SECOND, THIRD), 12);
    expect(store.get().picture).toEqual(THIRD);
  });

  it("refuses changes of a picture it never had, and asks for a whole one", () => {
    const store = createLiveStore(0);
    expect(store.receive(changes("2", "1", FIRST, SECOND), 10)).toBe(false);
    store.receive(whole("1", FIRST), 11);
    expect(store.knownId()).toBe("1");
    expect(store.receive(changes("3", "2", SECOND, THIRD), 12)).toBe(false);
    expect(store.get().picture).toBe(FIRST);
    expect(store.knownId()).toBeNull();
    expect(store.receive(whole("3", THIRD), 13)).toBe(true);
    expect(store.get().picture).toBe(THIRD);
  });

  it("takes what changed meanwhile from a stream that was opened again", () => {
    const store = createLiveStore(0);
    store.receive(whole("1", FIRST), 10);
    store.look(600_000);
    expect(store.receive(changes("601", "1", FIRST, THIRD), 600_001)).toBe(true);
    expect(store.get().picture).toEqual(THIRD);
    expect(store.get().lookingSinceMs).toBe(600_000);
  });

  it("refuses changes that do not fit, and shows on what it has", () => {
    const store = createLiveStore(0);
    store.receive(whole("1", FIRST), 10);
    for (const patch of ["{", "[9]", "[0,99,1]", "3"]) {
      expect(store.receive({ id: "2", data: { kind: "changes", since: "1", patch } }, 11)).toBe(false);
      expect(store.get().picture).toBe(FIRST);
      store.receive(whole("1", FIRST), 12);
    }
  });

  it("takes the difference of the clocks from the message that came fastest, and notices a clock that was set", () => {
    const store = createLiveStore(0);
    const told = (atMs: number, nowMs: number): number => {
      store.receive(whole("1", picture(atMs)), nowMs);
      return store.get().clockAheadMs;
    };
    expect(told(10_000, 10_400)).toBe(-400);
    expect(told(11_000, 11_900)).toBe(-400);
    expect(told(12_000, 12_050)).toBe(-50);
    expect(told(13_000, 73_000)).toBe(-60_000);
  });
});
