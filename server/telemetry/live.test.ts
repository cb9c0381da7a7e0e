import { afterEach, describe, expect, it, vi } from "vitest";
import type { LivePicture } from "#domain/live.ts";
import { openLive } from "./live.ts";

vi.useFakeTimers();
afterEach(() => vi.clearAllTimers());

function open() {
  let atMs = 0;
  return openLive(() => ({ atMs: (atMs += 1) }) as LivePicture, 1000);
}

describe("the live picture", () => {
  it("comes at once, then every second", async () => {
    const live = open();
    const pictures = live.follow(undefined);
    expect((await pictures.next()).value.atMs).toBe(1);
    const next = pictures.next();
    await vi.advanceTimersByTimeAsync(1000);
    expect((await next).value.atMs).toBe(2);
    await live.stop();
  });

  it("skips to the latest for a slow reader", async () => {
    const live = open();
    const pictures = live.follow(undefined);
    await pictures.next();
    await vi.advanceTimersByTimeAsync(5000);
    expect((await pictures.next()).value.atMs).toBe(6);
    await live.stop();
  });

  it("ends when the reader leaves, and when the console stops", async () => {
    const live = open();
    const leaving = new AbortController();
    const [left, stopped] = [live.follow(leaving.signal), live.follow(undefined)];
    await Promise.all([left.next(), stopped.next()]);
    const ends = [left.next(), stopped.next()];
    leaving.abort();
    expect((await ends[0])?.done).toBe(true);
    await live.stop();
    expect((await ends[1])?.done).toBe(true);
  });
});
