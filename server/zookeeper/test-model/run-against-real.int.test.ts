import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { startTestZooKeeper, type TestZooKeeper } from "../test-harness.ts";
import { drawScript } from "./commands.ts";
import { openRandom } from "./random.ts";
import { runAgainstReal } from "./run-against-real.ts";

let server: TestZooKeeper;
beforeAll(async () => void (server = await startTestZooKeeper()), 60_000);
afterEach(() => server.release());
afterAll(() => server.close());

it.each([1, 2, 3, 4, 5, 6, 7, 8])(
  "comes right on a real server, too: script %i",
  async (seed) => {
    const script = drawScript(openRandom(seed));
    const violation = await runAgainstReal(script, { server, chroot: `/run-${seed}`, random: openRandom(~seed) });
    expect(violation).toBeNull();
  },
  120_000,
);
