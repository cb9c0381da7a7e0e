import { join } from "node:path";
import { freePorts } from "./ports.ts";
import type { EnsembleMember } from "./zookeeper-files.ts";
import { obtainZooKeeper } from "./zookeeper-installation.ts";
import { modeOf, startZooKeeper, type ZooKeeperServer } from "./zookeeper.ts";

export interface EnsembleOptions {
  /** Holds one folder per server, `1`, `2`, …; made when missing. */
  readonly dataDir: string;
  /** Default 3. */
  readonly size?: number;
  /** Default 1000 ms. */
  readonly tickTimeMs?: number;
  /** Further options of each server's Java. */
  readonly jvm?: readonly string[];
  /** By which ports server `from` finds server `to`; default: those `to` has. */
  readonly link?: (from: number, to: number, real: Ports) => Promise<Ports>;
}

type Ports = EnsembleMember["servers"][number];

/** An ensemble whose servers all run on this machine, each on its own ports and folder. Servers are counted from 0. */
export interface ZooKeeperEnsemble {
  /** `127.0.0.1:a,127.0.0.1:b,…` */
  readonly address: string;
  readonly ports: readonly number[];
  /** Each server's folder; its data is in `data` below it. */
  readonly folders: readonly string[];
  /** The process of a server that was started; it may have ended. */
  server(index: number): ZooKeeperServer;
  /** Starts one server, on its port and folder, and resolves when it serves, which takes a majority. */
  start(index: number): Promise<ZooKeeperServer>;
  /** Which server leads; null while none says so. */
  leader(): Promise<number | null>;
  /** Ends all in order. */
  stop(): Promise<void>;
}

/**
 * Starts an ensemble and resolves when every server serves.
 * @throws LaunchError when ZooKeeper is only there as a Docker image, or a server does not come up.
 */
export async function startEnsemble(options: EnsembleOptions): Promise<ZooKeeperEnsemble> {
  const size = options.size ?? 3;
  const installation = await obtainZooKeeper();
  const ports = await freePorts(3 * size);
  const portsOf = (kind: 0 | 1 | 2): number[] => ports.slice(kind * size, (kind + 1) * size);
  const clientPorts = portsOf(0);
  const electionPorts = portsOf(2);
  const servers: EnsembleMember["servers"] = portsOf(1).map((quorumPort, index) => ({
    quorumPort,
    electionPort: electionPorts[index] ?? 0,
  }));
  const views = await viewsOf(servers, options.link);
  const folders = clientPorts.map((_, index) => join(options.dataDir, String(index + 1)));
  const running = new Map<number, ZooKeeperServer>();

  const ensemble: ZooKeeperEnsemble = {
    address: clientPorts.map((port) => `127.0.0.1:${port}`).join(","),
    ports: clientPorts,
    folders,
    server(index) {
      const server = running.get(index);
      if (server === undefined) throw new RangeError(`the ensemble has no server ${index}`);
      return server;
    },
    async start(index) {
      const [port, dataDir] = [clientPorts[index], folders[index]];
      if (port === undefined || dataDir === undefined) throw new RangeError(`the ensemble has no server ${index}`);
      const server = await startZooKeeper({
        port,
        dataDir,
        installation,
        member: { id: index + 1, servers: views[index] ?? servers },
        ...(options.jvm === undefined ? {} : { jvm: options.jvm }),
        ...(options.tickTimeMs === undefined ? {} : { tickTimeMs: options.tickTimeMs }),
        onSpawn: (spawned) => running.set(index, spawned),
      });
      return server;
    },
    async leader() {
      const modes = await Promise.all(clientPorts.map(modeOf));
      const index = modes.indexOf("leader");
      return index === -1 ? null : index;
    },
    async stop() {
      await Promise.all(Array.from(running.values(), (server) => server.stop()));
    },
  };
  try {
    await Promise.all(clientPorts.map((_, index) => ensemble.start(index)));
  } catch (error) {
    await ensemble.stop();
    throw error;
  }
  return ensemble;
}

/** The servers as each of them sees them, itself where it really is. */
async function viewsOf(
  servers: readonly Ports[],
  link: EnsembleOptions["link"],
): Promise<readonly (readonly Ports[])[]> {
  const views: Ports[][] = [];
  for (const from of servers.keys()) {
    const view: Ports[] = [];
    for (const [to, real] of servers.entries())
      view.push(link === undefined || from === to ? real : await link(from, to, real));
    views.push(view);
  }
  return views;
}
