import { execFile, fork, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import { report, type BenchCase } from "./harness.ts";
import { compare, median } from "./measure.ts";

/*
 * The gateway beside http-proxy-3 and, where it is installed, nginx: one after another, again and again, in one run. The
 * proxy that is measured has a core to itself; load and service share the other. CPU per request is the steady figure;
 * requests per second also depend on what else the machine does.
 */
const SECONDS = 3;
/** V8 goes on compiling for seconds under load; figures before that are another program's. */
const WARM_UP_SECONDS = 8;
const CONNECTIONS = 64;
const ROUNDS = 5;
const LOAD_CORE = "0";
const PROXY_CORE = "1";
/** USER_HZ, the unit of /proc's CPU times; 100 on every Linux Node runs on. */
const TICK_US = 10_000;

const run = promisify(execFile);
const children: ChildProcess[] = [];
const folder = mkdtempSync(join(tmpdir(), "meshkeeper-bench-"));

interface Running {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
}

const onPath = (program: string): string | undefined =>
  [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"]
    .map((path) => join(path, program))
    .find((path) => existsSync(path));
const taskset = onPath("taskset");

async function pin(pid: number, core: string): Promise<void> {
  if (taskset !== undefined) await run(taskset, ["-a", "-c", "-p", core, String(pid)]);
}

/** Starts a program of bench/proxies on a core, and waits until it says its port. */
async function start(name: string, core: string, ...args: string[]): Promise<Running> {
  const child = fork(join(import.meta.dirname, "proxies", `${name}.ts`), args);
  children.push(child);
  const port = await new Promise<number>((resolve, reject) => {
    child.once("message", (message) => resolve(z.int().parse(message)));
    child.once("exit", (code) => reject(new Error(`${name} ended with ${code}`)));
  });
  await pin(child.pid ?? 0, core);
  return { name, port, pid: child.pid ?? 0 };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function startNginx(program: string, upstream: number): Promise<Running> {
  const port = await freePort();
  writeFileSync(
    join(folder, "nginx.conf"),
    `daemon off; master_process off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
    events { worker_connections 4096; }
    http { access_log off; keepalive_requests 1000000000; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
      fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s; client_body_buffer_size 64k;
      upstream service { server 127.0.0.1:${upstream}; keepalive 256; keepalive_requests 1000000000; }
      server { listen 127.0.0.1:${port};
        location / { proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host; } } }\n`,
  );
  const child = spawn(program, ["-c", join(folder, "nginx.conf"), "-p", folder], { stdio: "inherit" });
  children.push(child);
  const answers = (): Promise<boolean> =>
    fetch(`http://127.0.0.1:${port}/`).then(
      (answer) => answer.ok,
      () => false,
    );
  for (const giveUpAt = performance.now() + 5000; !(await answers());) {
    if (performance.now() > giveUpAt || child.exitCode !== null) throw new Error("nginx did not start");
  }
  await pin(child.pid ?? 0, PROXY_CORE);
  return { name: "nginx", port, pid: child.pid ?? 0 };
}

/** User and system time a process has used, µs. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

const LoadResult = z.object({
  duration: z.number(),
  requests: z.object({ total: z.int() }),
  errors: z.int(),
  non2xx: z.int(),
});
const autocannon = fileURLToPath(import.meta.resolve("autocannon"));

interface Slice {
  readonly perSecond: number;
  readonly cpuUs: number;
}

async function load(target: Running, args: readonly string[], path: string, seconds = SECONDS): Promise<Slice> {
  const url = `http://127.0.0.1:${target.port}${path}`;
  const options = ["--json", "-c", String(CONNECTIONS), "-d", String(seconds), ...args, url];
  const [program, prefix] =
    taskset === undefined ? [process.execPath, []] : [taskset, ["-c", LOAD_CORE, process.execPath]];
  const before = cpuOf(target.pid);
  const { stdout } = await run(program, [...prefix, autocannon, ...options], { maxBuffer: 16 * 1024 * 1024 });
  const cpu = cpuOf(target.pid) - before;
  const { requests, errors, non2xx, duration } = LoadResult.parse(JSON.parse(stdout));
  if (errors + non2xx > 0) throw new Error(`${target.name}: ${errors} errors, ${non2xx} answers that were not 2xx`);
  return { perSecond: requests.total / duration, cpuUs: cpu / requests.total };
}

async function measure(
  name: string,
  contenders: readonly Running[],
  args: readonly string[],
  path: string,
): Promise<BenchCase[]> {
  const perSecond = new Map<string, number[]>();
  const slice = (target: Running) => async (): Promise<number> => {
    const { cpuUs, ...rest } = await load(target, args, path);
    perSecond.set(target.name, [...(perSecond.get(target.name) ?? []), rest.perSecond]);
    return cpuUs;
  };
  const [mine, ...others] = contenders;
  if (mine === undefined) throw new Error("nothing to measure");
  for (const contender of contenders) await load(contender, args, path, WARM_UP_SECONDS);
  const peers = Object.fromEntries(others.map((other) => [other.name, slice(other)]));
  const cpu = await compare({ ours: slice(mine), peers, rounds: ROUNDS, warmUps: 0 });
  const rate = (target: Running): number => median(perSecond.get(target.name) ?? []);
  return [
    { name: `${name}, CPU per request`, ...cpu, unit: "µs", better: "lower" },
    {
      name: `${name}, throughput`,
      ours: rate(mine),
      peers: Object.fromEntries(others.map((other) => [other.name, rate(other)])),
      unit: "requests/s",
      better: "higher",
    },
  ];
}

try {
  const upstream = await start("upstream", LOAD_CORE);
  const target = `http://127.0.0.1:${upstream.port}`;
  const nginx = onPath("nginx");
  if (nginx === undefined)
    process.stdout.write("nginx is not installed; measured without it (apt-get install nginx-light).\n");
  if (taskset === undefined) process.stdout.write("taskset is not installed; nothing is pinned to a core.\n");
  const contenders = [
    await start("ours", PROXY_CORE, target),
    await start("http-proxy-3", PROXY_CORE, target),
    ...(nginx === undefined ? [] : [await startNginx(nginx, upstream.port)]),
  ];
  const body = join(folder, "body.bin");
  writeFileSync(body, Buffer.alloc(10 * 1024, "x"));
  await report("gateway", [
    ...(await measure("GET, no body", contenders, [], "/")),
    ...(await measure("GET, 10 KiB", contenders, [], "/10k")),
    ...(await measure("POST, 10 KiB", contenders, ["-m", "POST", "-i", body], "/")),
  ]);
} finally {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}
