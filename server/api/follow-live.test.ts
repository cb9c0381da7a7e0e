import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, it, vi } from "vitest";
import { applyChanges, FIELD_NAMES, type LiveMessage } from "#domain/live-changes.ts";
import type { LivePicture } from "#domain/live.ts";
import { testBreaker, testPicture } from "#domain/test-picture.ts";
import { followLive } from "./follow-live.ts";

/** As many pictures as are asked for, a second apart, to each reader on its own. */
function liveOf(pictures: readonly LivePicture[]) {
  return {
    follow: async function* (signal?: AbortSignal): AsyncGenerator<LivePicture> {
      for (const picture of pictures) {
        if (signal?.aborted === true) return;
        yield picture;
      }
    },
  };
}

const PICTURES = Array.from({ length: 6 }, (_, second) =>
  testPicture({ atMs: second, breakers: [testBreaker({ offeredPerSecond: second })] }),
);
const person = async () => null;

type Reader = ReturnType<typeof followLive>;
async function next(reader: Reader): Promise<{ id: string; message: LiveMessage }> {
  const { value } = (await reader.next()) as { value: [string, LiveMessage, symbol] };
  return { id: value[0], message: value[1] };
}

afterEach(() => vi.useRealTimers());

describe("a reader of the live picture", () => {
  it("is told all of it once, and from then on what changed", async () => {
    const reader = followLive({ deps: { live: liveOf(PICTURES) }, person }, undefined);
    let { id, message } = await next(reader);
    expect(message).toEqual({ kind: "whole", picture: PICTURES[0], names: FIELD_NAMES });
    let known = PICTURES[0] as LivePicture;
    for (const picture of PICTURES.slice(1)) {
      const since = id;
      ({ id, message } = await next(reader));
      expect(message).toMatchObject({ kind: "changes", since });
      known = applyChanges(known, message.kind === "changes" ? message.patch : "", FIELD_NAMES);
      expect(known).toEqual(picture);
    }
  });

  it("that comes back is told what changed since the picture it says it has", async () => {
    const live = liveOf(PICTURES);
    const leaving = followLive({ deps: { live }, person }, undefined);
    const first = await next(leaving);
    const second = await next(leaving);
    await leaving.return(undefined);
    const later = { ...liveOf(PICTURES.slice(4)) };
    Object.assign(live, later);
    for (const [had, picture] of [
      [second.id, PICTURES[1]],
      // Its last message got lost on the way.
      [first.id, PICTURES[0]],
    ] as const) {
      const { message } = await next(followLive({ deps: { live }, person }, undefined, had));
      expect(message).toMatchObject({ kind: "changes", since: had });
      const patch = message.kind === "changes" ? message.patch : "";
      expect(applyChanges(picture as LivePicture, patch, FIELD_NAMES)).toEqual(PICTURES[4]);
    }
  });

  it("that comes back before its old connection is known to be dead is told what changed, too", async () => {
    const live = liveOf(PICTURES);
    const dead = followLive({ deps: { live }, person }, undefined);
    const [first, second] = [await next(dead), await next(dead)];
    for (const { id } of [first, second]) {
      const { message } = await next(followLive({ deps: { live }, person }, undefined, id));
      expect(message).toMatchObject({ kind: "changes", since: id });
    }
  });

  it("that comes back with what is not here is told all of it", async () => {
    vi.useFakeTimers();
    const live = liveOf(PICTURES);
    const kindFor = async (had: string): Promise<string> => {
      const reader = followLive({ deps: { live }, person }, undefined, had);
      const { message } = await next(reader);
      await reader.return(undefined);
      return message.kind;
    };
    for (const had of ["", "0-0", "another-console-7"]) expect(await kindFor(had)).toBe("whole");
    const leaving = followLive({ deps: { live }, person }, undefined);
    const { id } = await next(leaving);
    await leaving.return(undefined);
    expect(await kindFor(id)).toBe("changes");
    await vi.advanceTimersByTimeAsync(11 * 60_000);
    expect(await kindFor(id)).toBe("whole");
  });

  it("shares what it is told with all that are told the same", async () => {
    const live = liveOf(PICTURES);
    const readers = [1, 2].map(() => followLive({ deps: { live }, person }, undefined));
    for (const reader of readers) await next(reader);
    const stringify = vi.spyOn(JSON, "stringify");
    for (const reader of readers) await next(reader);
    expect(stringify).toHaveBeenCalledTimes(1);
    stringify.mockRestore();
  });
});

/** Of the pictures made, how many are still somewhere. */
async function heldOf(pictures: readonly WeakRef<LivePicture>[]): Promise<number> {
  // What a weak reference was asked for lives until the turn is over.
  await new Promise((resolve) => setImmediate(resolve));
  setFlagsFromString("--expose-gc");
  runInNewContext("gc()");
  return pictures.filter((picture) => picture.deref() !== undefined).length;
}

describe("pictures", () => {
  it("are held only while they are the latest, a reader was told them last, or some left with them lately", async () => {
    const pictures: WeakRef<LivePicture>[] = [];
    async function* follow(): AsyncGenerator<LivePicture> {
      for (let second = 0; second < 40; second += 1) {
        const picture = testPicture({ atMs: second });
        pictures.push(new WeakRef(picture));
        yield picture;
      }
    }
    const readers = [1, 2].map(() => followLive({ deps: { live: { follow } }, person }, undefined));
    for (let message = 0; message < 19; message += 1) for (const reader of readers) await reader.next();
    expect(await heldOf(pictures)).toBeLessThanOrEqual(2 * readers.length);
    const live = { follow };
    for (let reader = 0; reader < 12; reader += 1) {
      const leaving = followLive({ deps: { live }, person }, undefined);
      for (let message = 0; message < 3; message += 1) await leaving.next();
      await leaving.return(undefined);
    }
    expect(await heldOf(pictures)).toBeLessThanOrEqual(2 * readers.length + 12);
  });
});
