import { afterAll, beforeAll, expect, it } from "vitest";
import { ZooKeeperFailure } from "../failure.ts";
import type { MultiOp } from "../operations.ts";
import type { ZooKeeper } from "../session.ts";
import { startTestZooKeeper, type TestZooKeeper } from "../test-harness.ts";
import { openRandom, type Random } from "./random.ts";
import { SimulatedServer } from "./simulated-server.ts";

let server: TestZooKeeper;
beforeAll(async () => void (server = await startTestZooKeeper()), 60_000);
afterAll(() => server.close());

const PATHS = ["/a", "/b", "/b/c", "/b/d", "/e/f"] as const;
const BY = { session: 1n, genuine: false };

function drawOp(random: Random): MultiOp {
  const path = random.pick(PATHS);
  const version = random.below(4) - 1;
  const data = Buffer.from(String(random.below(1000)));
  const ops: readonly [MultiOp, ...MultiOp[]] = [
    { kind: "create", path, data },
    { kind: "set", path, data, version },
    { kind: "remove", path, version },
    { kind: "check", path, version },
  ];
  return random.pick(ops);
}

async function answerOf(act: () => unknown): Promise<string> {
  try {
    await act();
    return "done";
  } catch (error) {
    return error instanceof ZooKeeperFailure ? `${error.code} at ${error.opIndex ?? "-"}` : String(error);
  }
}

async function pictureOf(read: (path: string) => unknown, children: (path: string) => unknown): Promise<unknown> {
  const picture: unknown[] = [];
  for (const path of ["/a", "/b", "/b/c", "/b/d"]) picture.push(path, await read(path), await children(path));
  return picture;
}

const realPicture = (zk: ZooKeeper): Promise<unknown> =>
  pictureOf(
    async (path) => {
      const node = await zk.read(path);
      return node === null ? null : { version: node.version, data: node.data.toString() };
    },
    async (path) => [...((await zk.children(path)) ?? [])].sort(),
  );
const simulatedPicture = (simulated: SimulatedServer): Promise<unknown> =>
  pictureOf(
    (path) => {
      const node = simulated.nodes.get(path);
      return node === undefined ? null : { version: node.version, data: node.data.toString() };
    },
    (path) => (simulated.children(path) ?? []).sort(),
  );

it("answers as a real server does: 400 random transactions, which refuse and change the same", async () => {
  const seed = Math.floor(Math.random() * 1_000_000_000);
  const random = openRandom(seed);
  const zk = server.connect({ chroot: "/conformance" });
  const simulated = new SimulatedServer();
  const answers = new Set<string>();
  for (let round = 0; round < 400; round += 1) {
    const ops = Array.from({ length: 1 + random.below(3) }, () => drawOp(random));
    const real = await answerOf(() => zk.multi(ops));
    answers.add(real.replace(/\d+/, "n"));
    const context = `seed ${seed}, round ${round}: ${JSON.stringify(ops)}`;
    expect(await answerOf(() => simulated.commit(BY, ops)), context).toBe(real);
    expect(await simulatedPicture(simulated), context).toEqual(await realPicture(zk));
  }
  expect([...answers].sort()).toEqual([
    "BAD_VERSION at n",
    "NODE_EXISTS at n",
    "NOT_EMPTY at n",
    "NO_NODE at n",
    "done",
  ]);
});

it("numbers sequential nodes as a real server does, whatever was deleted", async () => {
  const zk = server.connect({ chroot: "/sequences" });
  const simulated = new SimulatedServer();
  await zk.ensurePath("/s");
  simulated.ensurePath(BY, "/s");
  for (let round = 0; round < 5; round += 1) {
    const made = await zk.create("/s/n-", Buffer.alloc(0), { ephemeral: true, sequential: true });
    expect(simulated.create(BY, "/s/n-", Buffer.alloc(0), { ephemeral: true, sequential: true })).toBe(made);
    if (round % 2 === 1) continue;
    await zk.remove(made, -1);
    simulated.commit(BY, [{ kind: "remove", path: made, version: -1 }]);
  }
});
