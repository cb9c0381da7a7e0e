import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { threadId } from "node:worker_threads";
import { LaunchError } from "./launch-error.ts";

/** One listener a part is going to open. */
export interface PortWish {
  /** What it is for, as people say it: "the console". */
  readonly use: string;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** The variable that changes it. */
  readonly variable: string;
}

/** Tries to listen; resolves to the port, or to the system's error code. */
function tryListen(host: string, port: number): Promise<{ port: number } | { code: string }> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve({ code: error.code ?? "UNKNOWN" }));
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve({ port: typeof address === "object" && address !== null ? address.port : port }));
    });
  });
}

/** Below are ports that programs are known by, and some that browsers do not open. */
const LOWEST = 20_000;
/** Ports that a process has before it comes to those with which another one begins. */
const BLOCK = 16;
/** Fewer are not worth while beside everything else that may listen there. */
const FEWEST = 64 * BLOCK;

/** Of those from `LOWEST` on, how many the system hands to nobody of its own accord: to who listens at any port, or connects. */
function quietPorts(): number {
  const [first = 0] = readOrEmpty("/proc/sys/net/ipv4/ip_local_port_range").split(/\s+/).map(Number);
  return first - LOWEST;
}

/** How many this process was given. */
let given = 0;

/** The next port to try; 0, for any, when there are too few that the system leaves alone, or all were given. */
function nextPort(): number {
  const quiet = quietPorts();
  if (quiet < FEWEST || given >= quiet) return 0;
  // Far from those of the processes started before and after.
  const start = ((61 * (process.pid + 97 * threadId)) % Math.floor(quiet / BLOCK)) * BLOCK;
  const port = LOWEST + ((start + given) % quiet);
  given += 1;
  return port;
}

/** Listens there, to keep it from others; null when it is taken. */
function hold(host: string, port: number): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" && port !== 0) resolve(null);
      else reject(error);
    });
    server.listen({ host, port, exclusive: true }, () => resolve(server));
  });
}

/**
 * `count` different ports that are free on `host`. Whoever has them need not listen yet, and may stop for a while: this process
 * is not given them again, others begin elsewhere, and as far as Linux tells, the system hands them to nobody (ip(7),
 * `ip_local_port_range`).
 */
export async function freePorts(count: number, host = "127.0.0.1"): Promise<number[]> {
  const servers: Server[] = [];
  try {
    while (servers.length < count) {
      const server = await hold(host, nextPort());
      if (server !== null) servers.push(server);
    }
    return servers.map((server) => {
      const address = server.address();
      return typeof address === "object" && address !== null ? address.port : 0;
    });
  } finally {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

/**
 * Checks that each wished port can be listened on.
 * @throws LaunchError naming every port that cannot, who holds it if that can be seen, and the variable to set.
 */
export async function assertPortsFree(wishes: readonly PortWish[]): Promise<void> {
  const problems: string[] = [];
  const remedies: string[] = [];
  for (const [index, wish] of wishes.entries()) {
    const twin = wishes.slice(0, index).find((other) => other.port === wish.port && wish.port !== 0);
    const outcome = twin === undefined ? await tryListen(wish.host, wish.port) : { code: "TWIN" };
    if ("port" in outcome) continue;
    problems.push(`Port ${wish.port} for ${wish.use} ${obstacle(outcome.code, wish, twin)}.`);
    remedies.push(...remedyFor(outcome.code, wish));
  }
  if (problems.length > 0) throw new LaunchError(problems.join("\n"), remedies);
}

function obstacle(code: string, wish: PortWish, twin: PortWish | undefined): string {
  if (twin !== undefined) return `is also the one for ${twin.use}`;
  if (code === "EADDRINUSE") return `is taken${describeHolder(wish.port)}`;
  if (code === "EACCES") return "may not be opened by this user";
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return `cannot be opened: this machine has no address ${wish.host}`;
  return `cannot be opened on ${wish.host} (${code})`;
}

function remedyFor(code: string, wish: PortWish): string[] {
  const other = wish.port >= 1024 && wish.port < 65_535 ? wish.port + 1 : 18_080;
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return [`set ${wish.variable.replace("_PORT", "_HOST")} to an address of this machine`];
  const freeIt = code === "EADDRINUSE" ? "stop that program, or " : "";
  return [`${freeIt}choose another port: ${wish.variable}=${other} npm start`];
}

function describeHolder(port: number): string {
  const holder = holderOf(port);
  return holder === null ? " by another program" : ` by process ${holder.pid} (${holder.command})`;
}

/** Which process listens on a TCP port, as far as /proc lets this user see; null elsewhere. */
export function holderOf(port: number): { pid: number; command: string } | null {
  const inodes = new Set(
    ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) => listeningInodes(readOrEmpty(table), port)),
  );
  if (inodes.size === 0) return null;
  for (const pid of numericEntries("/proc")) {
    for (const descriptor of numericEntries(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(linkOrEmpty(`/proc/${pid}/fd/${descriptor}`))?.[1];
      if (inode !== undefined && inodes.has(inode)) return { pid, command: commandOf(pid) };
    }
  }
  return null;
}

/** Inodes of the sockets in state LISTEN (0A) on `port`, from the text of /proc/net/tcp. */
export function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return table
    .split("\n")
    .slice(1)
    .map((row) => row.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(suffix) === true && columns[3] === "0A")
    .flatMap((columns) => columns[9] ?? []);
}

/** Command line of a process, shortened for one line; its pid when it cannot be read. */
export function commandOf(pid: number): string {
  const words = readOrEmpty(`/proc/${pid}/cmdline`)
    .split("\0")
    .filter((word) => word !== "");
  const text = words.join(" ");
  return text === "" ? `process ${pid}` : text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function numericEntries(folder: string): number[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function linkOrEmpty(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
