import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { openLog } from "#platform/log.ts";
import { ephemeralKeeper } from "./ephemeral.ts";
import type { ZooKeeper } from "./session.ts";
import { eventually, startTestZooKeeper, type TestZooKeeper } from "./test-harness.ts";

let server: TestZooKeeper;
beforeAll(async () => void (server = await startTestZooKeeper()), 60_000);
afterEach(() => server.release());
afterAll(() => server.close());

const log = openLog("test", "fatal");
const data = (text: string): Buffer => Buffer.from(text);

/** The same connection, and what was asked of it and answered. */
function observed(zk: ZooKeeper): { zk: ZooKeeper; calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    zk: {
      ...zk,
      async read(path, onHint) {
        const node = await zk.read(path, onHint);
        calls.push(`read ${node === null ? "nothing" : node.data.toString()}`);
        return node;
      },
      async write(path, value, version) {
        const now = await zk.write(path, value, version);
        calls.push(`write ${value.toString()}`);
        return now;
      },
    },
  };
}

it("writes over what it read, without asking again, and looks at it afterwards", async () => {
  const { zk, calls } = observed(server.connect());
  await zk.ensurePath("/quick");
  const kept = ephemeralKeeper(zk, log, "/quick/me", data("1"));
  await eventually("settled", () => calls.includes("read 1"));
  for (const value of ["2", "3"]) {
    calls.length = 0;
    kept.update(data(value));
    await eventually("read again", () => calls.includes(`read ${value}`));
    expect(calls).toEqual([`write ${value}`, `read ${value}`]);
  }
  await kept.withdraw();
  expect(await zk.read("/quick/me")).toBeNull();
});

it("comes to what is wanted whatever others do to the node meanwhile, and however quick updates are", async () => {
  const { zk, calls } = observed(server.connect());
  const other = server.connect();
  await zk.ensurePath("/meddled");
  const kept = ephemeralKeeper(zk, log, "/meddled/me", data("0"));
  await eventually("settled", () => calls.includes("read 0"));
  for (let round = 1; round <= 20; round += 1) {
    const meddling = round % 2 === 0 ? other.write("/meddled/me", data("x"), -1) : other.remove("/meddled/me", -1);
    kept.update(data(`${round} quick`));
    kept.update(data(`${round}`));
    // It may be away already, for as long as it takes to make it anew.
    await meddling.catch(() => undefined);
    await eventually(`round ${round}`, () => calls.at(-1) === `read ${round}`);
  }
  const node = await other.read("/meddled/me");
  expect(node).toMatchObject({ data: data("20"), ephemeralOwner: zk.sessionId() });
  await kept.withdraw();
});

it("takes over what its predecessor left without a word of two that claim it, however lately the process was started", async () => {
  const [before, zk] = [server.connect(), server.connect()];
  await before.create("/left", data("old"), { ephemeral: true });
  vi.spyOn(performance, "now").mockReturnValue(10);
  const contested = vi.fn<() => void>();
  const kept = ephemeralKeeper(zk, log, "/left", data("new"), { onContested: contested });
  try {
    await eventually("taken over", async () => (await zk.read("/left"))?.ephemeralOwner === zk.sessionId());
  } finally {
    vi.restoreAllMocks();
  }
  expect(contested).not.toHaveBeenCalled();
  await kept.withdraw();
});
