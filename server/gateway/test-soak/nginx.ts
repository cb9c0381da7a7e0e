import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REQUEST_CORPUS } from "../test-bed/corpus/request-corpus.ts";
import { routeEverythingTo } from "../test-bed/corpus/trial-mesh.ts";
import { cut, mutate } from "../test-bed/fuzz/mutate.ts";
import { Random } from "../test-bed/fuzz/random.ts";
import { until } from "../test-bed/peer.ts";
import { TestMesh } from "../test-bed/test-mesh.ts";
import { converse, turn } from "../test-bed/wire.ts";
import { request } from "undici";

const AFTER = "GET /after HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n";

export interface NginxReport {
  tried: number;
  /** Requests the gateway had answered by nginx. */
  accounted: number;
  /** Requests nginx wrote to its log. */
  logged: number;
  /** Lines of that log that say nginx could not make sense of what it was sent. */
  readonly findings: string[];
}

/** Where nginx is installed; null when it is not. */
export function findNginx(): string | null {
  return ["/usr/sbin/nginx", "nginx"].find((program) => spawnSync(program, ["-v"]).status === 0) ?? null;
}

/**
 * What nginx says of a request it makes no sense of. Field names it does not know the characters of, it passes over; lists of
 * entity tags it refuses on two lines, which RFC 9110 §5.3 allows.
 */
const COMPLAINT = /client sent (?!invalid header line|duplicate header line: "if-(?:none-)?match:)/;

/** The request fuzz in front of nginx: it must understand all that it is sent, and count as many requests as the gateway. */
export async function fuzzBeforeNginx(program: string, seed: number, forMs: number): Promise<NginxReport> {
  const folder = await mkdtemp(join(tmpdir(), "meshkeeper-soak-"));
  const port = await freePort();
  const log = join(folder, "access.log");
  const complaints = join(folder, "error.log");
  await writeFile(
    join(folder, "nginx.conf"),
    `daemon off; master_process off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${complaints} info;
    events { worker_connections 1024; }
    http { log_format seen '$status $request_method $request_uri'; access_log ${log} seen; keepalive_requests 1000000;
      client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f;
      uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s; large_client_header_buffers 8 64k; client_max_body_size 0;
      server { listen 127.0.0.1:${port}; location / { return 200 "ok"; } } }\n`,
  );
  const nginx = spawn(program, ["-c", join(folder, "nginx.conf"), "-p", folder], { stdio: "ignore" });
  const mesh = await TestMesh.start();
  try {
    await until(() =>
      request(`http://127.0.0.1:${port}/`).then(
        (answer) => answer.body.text(),
        () => false,
      ),
    );
    mesh.register({ service: "nginx", id: "nginx", port });
    routeEverythingTo(mesh, "nginx");
    const logged = async (): Promise<string[]> =>
      (await readFile(log, "utf8")).split("\n").filter((line) => line !== "");
    const before = (await logged()).length;
    const tried = await fuzz(mesh, seed, forMs);
    const metrics = await (await request(`${mesh.admin}/metrics`)).body.text();
    const counts = [...metrics.matchAll(/^meshkeeper_requests_total\{.*route="all",status="(\d+)"\} (\d+)$/gm)];
    const accounted = counts.reduce((sum, [, status, count]) => sum + (status === "400" ? 0 : Number(count)), 0);
    const lines = (await logged()).slice(before);
    // By what it says, not by status: a request whose client gave it up half-sent is logged with 400, too.
    const findings = (await readFile(complaints, "latin1")).split("\n").filter((line) => COMPLAINT.test(line));
    if (lines.length > accounted) findings.push(`nginx saw ${lines.length} requests, the gateway ${accounted}`);
    return { tried, accounted, logged: lines.length, findings };
  } finally {
    await mesh.stop();
    nginx.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  }
}

async function fuzz(mesh: TestMesh, seed: number, forMs: number): Promise<number> {
  const random = new Random(seed);
  const bases = REQUEST_CORPUS.map(({ bytes }) => bytes).filter((bytes) => bytes.length <= 600);
  const endsAt = performance.now() + forMs;
  let tried = 0;
  while (performance.now() < endsAt) {
    const bytes = mutate((random.pick(bases) ?? "") + AFTER, random.pick(bases) ?? "", random);
    await converse(mesh.gateway.edgePort, cut(bytes, random), { patienceMs: 50 });
    tried += 1;
  }
  for (let index = 0; index < 10; index += 1) await turn();
  return tried;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}
