import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { policySource } from "#control/policy-source.ts";
import { createRoute } from "#control/create-route.ts";
import { edit, type ControlDeps } from "#control/edit.ts";
import { putPolicy } from "#control/put-policy.ts";
import { updateRoute } from "#control/update-route.ts";
import { startTestDatabase } from "#db/start-test-database.ts";
import type { Actor } from "#domain/audit.ts";
import { RouteSpec } from "#domain/route.ts";
import { startZooKeeper } from "#launch/zookeeper.ts";
import { openLog } from "#platform/log.ts";
import { standForElection } from "#zookeeper/election.ts";
import { watchGateways, type GatewayPresence } from "#zookeeper/gateway-presence.ts";
import { publishPolicy } from "#zookeeper/policy-publisher.ts";
import { openZooKeeper } from "#zookeeper/session.ts";
import { z } from "zod";
import { openNotebook, traceSource, traceZooKeeper, type Note } from "./trace.ts";

const ACTOR: Actor = { kind: "system", id: "bench", name: "Bench" };
const ROOT = "/meshkeeper";
/** What an edit may take before the bench gives up, ms. */
const PATIENCE_MS = 60_000;

/** A console without pages, and gateways in processes of their own, on a real PostgreSQL and a real ZooKeeper. */
export interface PublishingMesh {
  readonly zookeeper: string;
  /** Makes routes until there are so many, in one edit, and waits until all gateways have them. */
  grow(routes: number): Promise<void>;
  /** Saves one edit of one route; ms from the database's answer to COMMIT until every gateway's acknowledgement is here. */
  editOnce(): Promise<number>;
  /** Compares everything; resolves to what it took, ms, and how many writes it made. */
  fullPass(): Promise<{ tookMs: number; writes: number }>;
  /** What was noted on the way of the edits since it was last asked, by process; empty unless the mesh is traced. */
  notes(): Promise<Readonly<Record<string, readonly Note[]>>>;
  stop(): Promise<void>;
}

export interface PublishingMeshOptions {
  /** Notes each step of an edit, which costs a little. Default: not. */
  readonly traced?: boolean;
}

const Notes = z.object({ notes: z.array(z.object({ what: z.string(), atMs: z.number() })) });

async function notesOf(gateway: ChildProcess): Promise<readonly Note[]> {
  const answered = once(gateway, "message").then((answer: unknown[]) => Notes.parse(answer[0]).notes);
  gateway.send("notes");
  return answered;
}

function specOf(path: string): RouteSpec {
  return RouteSpec.parse({
    hosts: ["bench.test"],
    matches: [{ path: { kind: "prefix", value: path } }],
    destinations: [{ service: "orders", weight: 100 }],
  });
}

/** A gateway in a process of its own, once it is up. */
async function startGateway(program: string, settings: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL(program, import.meta.url)), {
    execArgv: [],
    env: {
      NODE_ENV: "production",
      LOG_LEVEL: "fatal",
      PATH: process.env["PATH"] ?? "",
      GATEWAY_PORT: "0",
      GATEWAY_ADMIN_PORT: "0",
      ...settings,
    },
  });
  await Promise.race([
    once(child, "message"),
    once(child, "exit").then(() => Promise.reject(new Error("the gateway ended while starting"))),
  ]);
  return child;
}

export async function startPublishingMesh(
  gateways: number,
  { traced = false }: PublishingMeshOptions = {},
): Promise<PublishingMesh> {
  const log = openLog("bench", "fatal");
  const folder = await mkdtemp(join(tmpdir(), "meshkeeper-bench-"));
  const server = await startZooKeeper({ port: 0, dataDir: join(folder, "zookeeper") });
  const db = await startTestDatabase();
  const { note, take } = openNotebook();
  const plain = openZooKeeper({ servers: server.address, log });
  const zk = traced ? traceZooKeeper(plain, ROOT, log, note) : plain;
  const election = standForElection(zk, ROOT, "bench", log);
  let committedAt = 0;
  const deps: ControlDeps = {
    database: db.database,
    onEdit: () => {
      committedAt = performance.now();
      if (traced) note("committed");
      publisher.wake();
    },
  };
  const publisher = publishPolicy(zk, {
    root: ROOT,
    consoleId: "bench",
    election,
    source: traced ? traceSource(policySource(deps), note) : policySource(deps),
    log,
    everyMs: 3_600_000,
  });
  const presence = watchGateways(zk, ROOT, log);
  const processes: ChildProcess[] = [];
  const program = traced ? "./traced-gateway.ts" : "../../server/main/gateway.ts";
  for (let index = 1; index <= gateways; index += 1)
    processes.push(
      await startGateway(program, {
        ZOOKEEPER: server.address,
        DATA_DIR: folder,
        GATEWAY_ID: `gw-${index}`,
        ...(traced && { ROOT }),
      }),
    );

  const isEverywhere = ({ acknowledgements }: GatewayPresence, revision: number): boolean =>
    acknowledgements.filter((ack) => ack.revision >= revision).length === gateways;

  /** Resolves with the moment at which the last gateway's acknowledgement came. */
  function appliedEverywhere(revision: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const patience = setTimeout(() => reject(new Error(`revision ${revision} did not arrive`)), PATIENCE_MS);
      const look = (now: GatewayPresence): void => {
        if (!isEverywhere(now, revision)) return;
        clearTimeout(patience);
        stop();
        if (traced) note("applied");
        resolve(performance.now());
      };
      const stop = presence.onChange(look);
      look(presence.current());
    });
  }

  let count = 0;
  let edits = 0;
  const first = await createRoute(deps, { id: "edited", spec: specOf("/0") }, ACTOR);
  let { version } = first;
  await appliedEverywhere(first.revision);

  return {
    zookeeper: server.address,
    async grow(routes) {
      const revisions: number[] = [];
      while (count + 1 < routes) {
        const size = Math.min(500, routes - 1 - count);
        const from = count;
        revisions.push(
          await edit(deps, ACTOR, async (step) => {
            for (let index = from; index < from + size; index += 1)
              putPolicy(step, {
                kind: "routes",
                id: `r${index}`,
                spec: specOf(`/r${index}`),
                found: { version: 0, row: null },
                action: "route.create",
                summary: "Created a route for a bench",
              });
            return step.revision;
          }),
        );
        count += size;
      }
      const last = revisions.at(-1);
      if (last !== undefined) await appliedEverywhere(last);
    },
    async editOnce() {
      edits += 1;
      const saved = await updateRoute(
        deps,
        { id: "edited", expectedVersion: version, spec: specOf(`/${edits}`) },
        ACTOR,
      );
      version = saved.version;
      const since = committedAt;
      return (await appliedEverywhere(saved.revision)) - since;
    },
    async fullPass() {
      const before = publisher.status().lastFullPass?.atMs;
      publisher.checkNow();
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        const { lastFullPass } = publisher.status();
        if (lastFullPass !== null && lastFullPass.atMs !== before)
          return { tookMs: lastFullPass.tookMs, writes: lastFullPass.writes };
      }
    },
    async notes() {
      const taken = await Promise.all(processes.map(async (child) => (traced ? await notesOf(child) : [])));
      const ofGateways = taken.map((notes, index): [string, readonly Note[]] => [`gateway ${index + 1}`, notes]);
      return Object.fromEntries([["console", take()], ...ofGateways]);
    },
    async stop() {
      for (const child of processes) child.kill("SIGKILL");
      for (const part of [presence, publisher, election, zk]) await part.stop();
      await db.stop();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
