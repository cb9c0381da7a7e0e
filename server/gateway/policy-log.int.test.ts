import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { readPolicyLines } from "./policy-lines.ts";

/** Saves policies in a process of its own, until it has said so many times that one is on the disk; the last that it said. */
async function savedUntilKilled(path: string, count: number): Promise<number> {
  const child = fork(fileURLToPath(new URL("test-bed/keep-saving.ts", import.meta.url)), [path], { execArgv: [] });
  let last = 0;
  child.on("message", (revision) => {
    last = Number(revision);
    if (last >= count) child.kill("SIGKILL");
  });
  await once(child, "close");
  return last;
}

it("a gateway that is killed while it writes has every policy on its disk that it said was there", async () => {
  const folder = await mkdtemp(join(tmpdir(), "meshkeeper-killed-"));
  try {
    for (let count = 1; count < 60; count += 6) {
      const path = join(folder, `policy-${count}.log`);
      const last = await savedUntilKilled(path, count);
      expect(last).toBeGreaterThanOrEqual(count);
      const { policy, refused } = readPolicyLines(await readFile(path, "utf8"));
      expect(refused).toEqual([]);
      expect(policy.revision).toBeGreaterThanOrEqual(last);
      const said = [...policy.routes.values()].map(({ spec }) => Number(spec.description)).sort((a, b) => a - b);
      const first = Math.max(1, policy.revision - 19);
      expect(said).toEqual(Array.from({ length: policy.revision - first + 1 }, (_, index) => first + index));
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
