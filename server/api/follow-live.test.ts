import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import type { LivePicture } from "#domain/live.ts";
import { testPicture } from "#domain/test-picture.ts";
import { followLive } from "./follow-live.ts";

it("holds no picture any more that is not the latest or the one a reader was told last", async () => {
  const pictures: WeakRef<LivePicture>[] = [];
  async function* follow(): AsyncGenerator<LivePicture> {
    for (let second = 0; second < 20; second += 1) {
      const picture = testPicture({ atMs: second });
      pictures.push(new WeakRef(picture));
      yield picture;
    }
  }
  const live = { follow, current: (): LivePicture => testPicture() };
  const readers = [followLive({ deps: { live }, person: async () => null }, undefined)];
  readers.push(followLive({ deps: { live }, person: async () => null }, undefined));
  for (let message = 0; message < 19; message += 1) for (const reader of readers) await reader.next();
  // What a weak reference was asked for lives until the turn is over.
  await new Promise((resolve) => setImmediate(resolve));
  setFlagsFromString("--expose-gc");
  runInNewContext("gc()");
  expect(pictures.filter((picture) => picture.deref() !== undefined).length).toBeLessThanOrEqual(2 * readers.length);
});
