import { describe, expect, it } from "vitest";
import { changesBetween, type LiveMessage } from "#domain/breaker-changes.ts";
import type { FleetBreaker, LivePicture } from "#domain/live.ts";
import { createLiveStore } from "./live-store.ts";

const breaker = (key: string, offeredPerSecond: number) =>
  ({ key, offeredPerSecond, gateways: [], history: [], transitions: [], callers: [] }) as unknown as FleetBreaker;
const picture = (atMs: number, breakers: readonly FleetBreaker[]) =>
  ({ atMs, breakers, topology: { nodes: [] } }) as unknown as LivePicture;
const changes = (sequence: number, from: LivePicture, to: LivePicture): LiveMessage => ({
  kind: "changes",
  sequence,
  picture: to,
  breakers: changesBetween(from.breakers, to.breakers),
});

const FIRST = picture(1, [breaker("a", 1), breaker("b", 1)]);
const SECOND = picture(2, [breaker("a", 1), breaker("b", 2)]);
const THIRD = picture(3, [breaker("b", 3)]);

describe("the live store", () => {
  it("puts pictures together again, and keeps what did not change", () => {
    const store = createLiveStore(0);
    expect(store.receive({ kind: "whole", sequence: 1, picture: FIRST }, 10)).toBe(true);
    const [kept] = store.get().picture?.breakers ?? [];
    expect(store.receive(changes(2, FIRST, SECOND), 11)).toBe(true);
    expect(store.get().picture?.breakers).toEqual(SECOND.breakers);
    expect(store.get().picture?.breakers[0]).toBe(kept);
    store.receive(changes(3, SECOND, THIRD), 12);
    expect(store.get().picture?.breakers).toEqual(THIRD.breakers);
  });

  it("refuses changes of a picture it never had, and takes a whole one instead", () => {
    const store = createLiveStore(0);
    expect(store.receive(changes(2, FIRST, SECOND), 10)).toBe(false);
    store.receive({ kind: "whole", sequence: 1, picture: FIRST }, 11);
    expect(store.receive(changes(3, SECOND, THIRD), 12)).toBe(false);
    expect(store.get().picture).toBe(FIRST);
    expect(store.receive({ kind: "whole", sequence: 1, picture: THIRD }, 13)).toBe(true);
    expect(store.get().picture).toBe(THIRD);
  });
});
