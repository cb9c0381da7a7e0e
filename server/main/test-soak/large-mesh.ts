import { edit } from "#control/edit.ts";
import { putPolicy } from "#control/put-policy.ts";
import type { Database } from "#db/client.ts";
import type { Actor } from "#domain/audit.ts";
import { RouteSpec } from "#domain/route.ts";
import { decodeHead } from "#zookeeper/codec.ts";
import { paths } from "#zookeeper/paths.ts";
import { eventually, startTestZooKeeper, type TestZooKeeper } from "#zookeeper/test-harness.ts";
import type { ConsoleChild } from "./console-child.ts";
import { Lane, PATIENCE_MS, ROOT } from "./lane.ts";
import type { Outcome, PartRun } from "./part.ts";
import { openTraffic } from "./traffic.ts";

const IMPORTER: Actor = { kind: "person", id: "import", name: "Import" };
const IN_ONE_EDIT = 200;
/** Goal for a tree of 10,000 policies, from when ZooKeeper serves again, ms. */
const REBUILT_WITHIN_MS = 30_000;

/**
 * A mesh of `count` policies: published, published anew after ZooKeeper lost everything, with clients asking the gateway
 * all the time, and compared by a console that has just started.
 */
export async function largeMesh({ count, seed, onProgress }: PartRun): Promise<Outcome> {
  const server = await startTestZooKeeper();
  const lane = await Lane.open({ seed, server });
  try {
    await importRoutes(lane.database.database, count, (done) => onProgress(done, count, 0));
    const first = lane.startConsole();
    const published = await timed(() => headAt(server, count));
    const traffic = await openTraffic(lane);
    await lane.check("the first publication", [first]);
    const rebuilt = await rebuild(lane, count + 1);
    await lane.check("a wipe", [first]);
    const { answered, failures } = await traffic.stop();
    const passes = await secondConsole(lane, first);
    return {
      rounds: 1,
      figures: {
        policies: count + 1,
        "first publication, s": seconds(published),
        "rebuilt, s after ZooKeeper serves": seconds(rebuilt.ms),
        "answers meanwhile": answered,
        "wrong or missing answers": failures.length,
        "fewest routes a gateway had": rebuilt.fewestRoutes,
        "full pass of a new console, s": seconds(passes.tookMs),
        "its writes": passes.writes,
        "full pass after it, s": seconds(passes.again.tookMs),
        "writes of that": passes.again.writes,
      },
      failures: [
        ...lane.takeFailures(),
        ...failures,
        ...(rebuilt.ms > REBUILT_WITHIN_MS ? [`it took ${seconds(rebuilt.ms)} s to rebuild`] : []),
        ...(rebuilt.fewestRoutes <= count ? [`a gateway had ${rebuilt.fewestRoutes} routes for a while`] : []),
        ...(passes.writes + passes.again.writes > 0 ? ["a pass over what was equal already wrote something"] : []),
      ],
    };
  } finally {
    await lane.close();
  }
}

async function importRoutes(database: Database, count: number, onProgress: (done: number) => void): Promise<void> {
  for (let from = 0; from < count; from += IN_ONE_EDIT) {
    await edit({ database }, IMPORTER, (step) => {
      for (let index = from; index < Math.min(count, from + IN_ONE_EDIT); index += 1) {
        const id = `imported-${index}`;
        const found = { version: 0, row: null };
        const summary = `Created route ${id}`;
        putPolicy(step, {
          kind: "routes",
          id,
          spec: importedRoute(index),
          found,
          action: "route.create",
          summary,
        });
      }
      return Promise.resolve();
    });
    onProgress(from);
  }
}

function importedRoute(index: number): RouteSpec {
  return RouteSpec.parse({
    hosts: [`imported-${index}.soak.test`],
    matches: [{ path: { kind: "prefix", value: "/" } }],
    destinations: [{ service: "orders", weight: 1 }],
  });
}

async function rebuild(lane: Lane<TestZooKeeper>, count: number): Promise<{ ms: number; fewestRoutes: number }> {
  let fewestRoutes = Number.POSITIVE_INFINITY;
  let goesOn = true;
  const looking = (async () => {
    while (goesOn) fewestRoutes = Math.min(fewestRoutes, (await lane.gateway.config()).routes.length);
  })();
  await lane.server.crash();
  lane.server.wipe();
  await lane.server.start();
  const ms = await timed(() => headAt(lane.server, count));
  goesOn = false;
  await looking;
  return { ms, fewestRoutes };
}

/** Resolves when the head tells of so many objects: it is written last. */
async function headAt(server: TestZooKeeper, count: number): Promise<void> {
  const zk = server.connect();
  await eventually(
    `a head of ${count} objects`,
    async () => {
      const node = await zk.read(paths.head(ROOT));
      const head = node === null ? null : decodeHead(node.data);
      return head?.ok === true && head.value.count === count;
    },
    2 * PATIENCE_MS,
  );
  await zk.stop();
}

async function secondConsole(
  lane: Lane<TestZooKeeper>,
  first: ConsoleChild,
): Promise<{ tookMs: number; writes: number; again: { tookMs: number; writes: number } }> {
  await lane.killConsole(first);
  const second = lane.startConsole();
  await lane.leaderOf([second]);
  const { tookMs, writes } = await eventually(
    "its first full pass",
    async () => (await second.report())?.lastFullPass ?? null,
    PATIENCE_MS,
  );
  return { tookMs, writes, again: await lane.fullPass([second]) };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
