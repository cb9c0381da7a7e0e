import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LaunchError } from "./launch-error.ts";

/** What a server has on disk, all below one folder. */
export interface ZooKeeperFiles {
  readonly folder: string;
  readonly data: string;
  readonly config: string;
  readonly pidFile: string;
}

/** One server's place in an ensemble. Dynamic reconfiguration is off: every server has the whole list. */
export interface EnsembleMember {
  /** From 1: `myid`. */
  readonly id: number;
  /** All servers in order of their ids, this one included; the ports are on loopback. */
  readonly servers: readonly { readonly quorumPort: number; readonly electionPort: number }[];
}

export interface ZooKeeperFilesOptions {
  readonly host: string;
  readonly port: number;
  readonly tickTimeMs: number;
  readonly member?: EnsembleMember | undefined;
  /** Further lines of zoo.cfg. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
}

/** A follower may take this long to fetch the leader's data, and a server this long to be noticed as gone, ms. */
const FOLLOWER_START_MS = 20_000;
const SYNC_MS = 2000;

/**
 * Writes zoo.cfg and the settings of the logging libraries, and makes the data folder.
 * @throws LaunchError naming the folder.
 */
export function writeZooKeeperFiles(folder: string, options: ZooKeeperFilesOptions): ZooKeeperFiles {
  const files = {
    folder,
    data: join(folder, "data"),
    config: join(folder, "zoo.cfg"),
    pidFile: join(folder, "server.pid"),
  };
  try {
    mkdirSync(files.data, { recursive: true });
    writeFileSync(files.config, configuration(files.data, options));
    if (options.member !== undefined) writeFileSync(join(files.data, "myid"), String(options.member.id));
    // Distributions up to 3.7 log by log4j, later ones by logback; Debian's by slf4j-simple, set on the command line.
    writeFileSync(
      join(folder, "log4j.properties"),
      "log4j.rootLogger=WARN, E\nlog4j.appender.E=org.apache.log4j.ConsoleAppender\nlog4j.appender.E.target=System.err\nlog4j.appender.E.layout=org.apache.log4j.SimpleLayout\n",
    );
    writeFileSync(
      join(folder, "logback.xml"),
      '<configuration><appender name="E" class="ch.qos.logback.core.ConsoleAppender"><target>System.err</target><encoder><pattern>%level %msg%n</pattern></encoder></appender><root level="WARN"><appender-ref ref="E"/></root></configuration>\n',
    );
  } catch (error) {
    throw new LaunchError(
      `ZooKeeper's folder ${folder} cannot be written: ${String(error)}`,
      ["set DATA_DIR to a folder you may write"],
      error,
    );
  }
  return files;
}

function configuration(data: string, options: ZooKeeperFilesOptions): string {
  const { host, port, tickTimeMs, member } = options;
  const lines = [
    `dataDir=${data}`,
    `clientPort=${port}`,
    `clientPortAddress=${host}`,
    `tickTime=${tickTimeMs}`,
    "maxClientCnxns=0",
    "admin.enableServer=false",
    "4lw.commands.whitelist=srvr,ruok",
    "autopurge.snapRetainCount=3",
    "autopurge.purgeInterval=1",
    ...Object.entries(options.settings ?? {}).map(([name, value]) => `${name}=${value}`),
  ];
  if (member !== undefined) {
    lines.push(
      "reconfigEnabled=false",
      `initLimit=${Math.ceil(FOLLOWER_START_MS / tickTimeMs)}`,
      `syncLimit=${Math.max(5, Math.ceil(SYNC_MS / tickTimeMs))}`,
      ...member.servers.map(
        ({ quorumPort, electionPort }, index) => `server.${index + 1}=${host}:${quorumPort}:${electionPort}`,
      ),
    );
  }
  return `${lines.join("\n")}\n`;
}
