import { execFile, spawn, type ChildProcess } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LaunchError } from "./launch-error.ts";
import { assertPortsFree, freePorts } from "./ports.ts";
import { writeZooKeeperFiles, type EnsembleMember, type ZooKeeperFiles } from "./zookeeper-files.ts";
import { obtainZooKeeper, type Report, type ZooKeeperInstallation } from "./zookeeper-installation.ts";

export interface ZooKeeperServerOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Made when missing. Holds our zoo.cfg, the data, and a log of the server's warnings. */
  readonly dataDir: string;
  readonly report?: Report;
  /** What to start; default: whatever `obtainZooKeeper` finds or installs. */
  readonly installation?: ZooKeeperInstallation;
  /** Sessions may last 2 … 20 ticks. Default 1000 ms. */
  readonly tickTimeMs?: number;
  /** How long it may take to answer, ms. Default 60,000; the first run of the Docker image downloads it. */
  readonly startTimeoutMs?: number;
  /** Its place in an ensemble; default: standalone. A member serves only once a majority runs. */
  readonly member?: EnsembleMember;
  /** Further lines of zoo.cfg, e.g. `enforceQuota=true`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Further options of its Java, e.g. `-Djute.maxbuffer=4096`. */
  readonly jvm?: readonly string[];
  /** Given the process before it serves, so that it can be ended while it waits for a majority. */
  readonly onSpawn?: (server: ZooKeeperServer) => void;
}

/** A server that runs as a child of this process. */
export interface ZooKeeperServer {
  /** `127.0.0.1:port` */
  readonly address: string;
  readonly port: number;
  readonly pid: number;
  /** For people: what was started. */
  readonly where: string;
  /** Resolves when the process has ended, for whatever reason. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Ends it in order, and waits. */
  stop(): Promise<void>;
  /** Sends a signal, e.g. SIGKILL, SIGSTOP; does not wait. */
  kill(signal: NodeJS.Signals): void;
}

const HOST = "127.0.0.1";
const MODES: readonly ServerMode[] = ["standalone", "leader", "follower", "observer"];
const STOP_WAIT_MS = 10_000;
const run = (file: string, args: readonly string[]): Promise<void> =>
  new Promise((done) => execFile(file, args, () => done()));

/**
 * Starts ZooKeeper on loopback with its own configuration and data, and returns when it serves.
 * @throws LaunchError naming the port, the folder or the tool that stands in the way, and what to do.
 */
export async function startZooKeeper(options: ZooKeeperServerOptions): Promise<ZooKeeperServer> {
  const installation = options.installation ?? (await obtainZooKeeper(options.report));
  const dataDir = resolve(options.dataDir);
  const [anyPort = 0] = options.port === 0 ? await freePorts(1, HOST) : [];
  const port = options.port === 0 ? anyPort : options.port;
  const tickTimeMs = options.tickTimeMs ?? 1000;
  const { member, settings } = options;
  if (installation.kind === "docker" && (member !== undefined || settings !== undefined)) {
    throw new LaunchError("An ensemble, and a server with settings of its own, need ZooKeeper's jars, not its image", [
      "apt-get install zookeeper, or set ZOOKEEPER_HOME to an unpacked distribution",
    ]);
  }
  const files = writeZooKeeperFiles(dataDir, { host: HOST, port, tickTimeMs, member, settings });
  await endLeftover(files);
  await assertPortsFree([{ use: "ZooKeeper", host: HOST, port, variable: "ZOOKEEPER_PORT" }]);
  options.report?.(`Starting ZooKeeper (${installation.where}) on ${HOST}:${port}`);

  const container = `meshkeeper-zookeeper-${port}`;
  const child =
    installation.kind === "java"
      ? spawnJava(installation, files, options.jvm ?? [])
      : spawnDocker(installation.image, container, { port, tickTimeMs }, files);
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((done) => {
    child.once("error", (error) => ((said += error.message), done({ code: null, signal: null })));
    child.once("exit", (code, signal) => done({ code, signal }));
  });
  const ended = exited.then(() => true);
  const server: ZooKeeperServer = {
    address: `${HOST}:${port}`,
    port,
    pid: child.pid ?? 0,
    where: installation.where,
    exited,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      if (installation.kind === "docker") await run("docker", ["stop", container]);
      else child.kill("SIGTERM");
      const inTime = await Promise.race([ended, sleep(STOP_WAIT_MS, false, { ref: false })]);
      if (!inTime) server.kill("SIGKILL");
      await exited;
    },
    kill(signal) {
      if (installation.kind === "docker") void run("docker", ["kill", "--signal", signal, container]);
      else child.kill(signal);
    },
  };
  if (child.pid !== undefined) writeFileSync(files.pidFile, String(child.pid));
  options.onSpawn?.(server);

  const deadlineAt = performance.now() + (options.startTimeoutMs ?? 60_000);
  while ((await modeOf(port)) === null) {
    const gone = await Promise.race([ended, sleep(50, false)]);
    if (gone || performance.now() > deadlineAt) {
      if (!gone) server.kill("SIGKILL");
      const what = gone ? "ended while starting" : "does not answer";
      throw new LaunchError(
        `ZooKeeper (${installation.where}) on ${HOST}:${port} ${what}. It said: ${said.trim() || "nothing"}`,
        [
          `look at its data in ${dataDir}; moving that folder away starts it empty, and the console publishes everything anew`,
          "set ZOOKEEPER=host:port to use a running one",
        ],
      );
    }
  }
  return server;
}

function spawnJava(
  installation: Extract<ZooKeeperInstallation, { kind: "java" }>,
  files: ZooKeeperFiles,
  more: readonly string[],
): ChildProcess {
  // Small heap, quick start: it is one server for one machine.
  const jvm = ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Djava.awt.headless=true"];
  const quiet = ["-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-Dzookeeper.jmx.log4j.disable=true"];
  const classPath = [files.folder, ...installation.classPath].join(":");
  return spawn(
    installation.java,
    [...jvm, ...quiet, ...more, "-cp", classPath, "org.apache.zookeeper.server.quorum.QuorumPeerMain", files.config],
    // A group of its own: Ctrl-C at a terminal must reach the launcher alone, which stops things in order.
    { stdio: ["ignore", "ignore", "pipe"], detached: true },
  );
}

function spawnDocker(
  image: string,
  name: string,
  options: { readonly port: number; readonly tickTimeMs: number },
  files: ZooKeeperFiles,
): ChildProcess {
  const user = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  const settings = {
    ZOO_TICK_TIME: String(options.tickTimeMs),
    ZOO_4LW_COMMANDS_WHITELIST: "srvr,ruok",
    ZOO_ADMINSERVER_ENABLED: "false",
    ZOO_MAX_CLIENT_CNXNS: "0",
    ZOO_DATA_DIR: "/data",
    ZOO_DATA_LOG_DIR: "/data",
  };
  const environment = Object.entries(settings).flatMap(([key, value]) => ["-e", `${key}=${value}`]);
  const args = [
    "run",
    "--rm",
    "--name",
    name,
    "--user",
    user,
    "-p",
    `${HOST}:${options.port}:2181`,
    "-v",
    `${files.data}:/data`,
    ...environment,
    image,
  ];
  return spawn("docker", args, { stdio: ["ignore", "ignore", "pipe"], detached: true });
}

/** Ends a server that an earlier launcher left behind on the same folder, when it is certain to be that one. */
async function endLeftover(files: ZooKeeperFiles): Promise<void> {
  let pid: number;
  try {
    pid = Number(readFileSync(files.pidFile, "utf8"));
    if (!readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(files.config)) return;
    process.kill(pid, "SIGTERM");
  } catch {
    return; // no such file, no such process, or no /proc: nothing to end
  }
  for (let waitedMs = 0; waitedMs < STOP_WAIT_MS && isAlive(pid); waitedMs += 50) await sleep(50);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A serving server's part in the ensemble. */
export type ServerMode = "standalone" | "leader" | "follower" | "observer";

/**
 * Asks `srvr` of a server on loopback: unlike `ruok`, it tells a server that serves from one that is still loading, or
 * has no majority. Null when it does not serve, or does not answer within a second.
 */
export function modeOf(port: number): Promise<ServerMode | null> {
  return new Promise((done) => {
    let answer = "";
    const socket = connect(port, HOST, () => socket.write("srvr"));
    socket.setTimeout(1000, () => socket.destroy());
    socket.on("data", (chunk) => (answer += chunk.toString()));
    socket.on("error", () => {});
    socket.on("close", () => done(MODES.find((mode) => answer.includes(`Mode: ${mode}`)) ?? null));
  });
}
