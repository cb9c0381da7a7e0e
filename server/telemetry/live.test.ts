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

  it("says what it costs, and rests as long as the last picture took", async () => {
    let clockMs = 0;
    let tookMs = 0;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => clockMs);
    const live = openLive(() => {
      clockMs += tookMs;
      return { atMs: clockMs } as LivePicture;
    }, 1000);
    const pass = async (ms: number) => {
      clockMs += ms;
      await vi.advanceTimersByTimeAsync(ms);
    };
    tookMs = 3000;
    await pass(1000);
    expect(live.cost()).toEqual({ pictures: 2, lastMs: 3000, longestMs: 3000, totalMs: 3000, readers: 0 });
    tookMs = 0;
    await pass(2999);
    expect(live.cost().pictures).toBe(2);
    await pass(1);
    expect(live.cost()).toMatchObject({ pictures: 3, lastMs: 0, longestMs: 3000 });
    await live.stop();
    clock.mockRestore();
  });

  it("counts who follows", async () => {
    const live = open();
    const [leaving, reader] = [new AbortController(), live.follow(undefined)];
    const left = live.follow(leaving.signal);
    await Promise.all([left.next(), reader.next()]);
    expect(live.cost().readers).toBe(2);
    leaving.abort();
    await left.next();
    expect(live.cost().readers).toBe(1);
    await live.stop();
    await reader.next();
    expect(live.cost().readers).toBe(0);
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
