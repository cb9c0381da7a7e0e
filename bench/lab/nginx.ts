import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Lab, Place, Running } from "./lab.ts";
import { LARGE_BYTES, LARGE_PATH, servicePath } from "./paths.ts";

interface Settings {
  readonly workers: number;
  /** What is in the http block. */
  readonly http: string;
}

/** nginx as a proxy, at equal work: connections are kept on both sides, forwarding fields and an id are added, no log. */
export function startNginxProxy(
  lab: Lab,
  program: string,
  options: { readonly upstream: number; readonly workers: number; readonly routes: number; readonly place: Place },
): Promise<Running> {
  const { upstream, workers, routes, place } = options;
  const locations = Array.from(
    { length: routes },
    (_, index) => `location ${servicePath(index)}/ { proxy_pass http://service; }`,
  );
  return start(lab, program, "nginx", place, (port) => ({
    workers,
    http: `upstream service { server 127.0.0.1:${upstream}; keepalive 256; keepalive_requests 1000000000; }
      proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Request-Id $request_id;
      server { listen 127.0.0.1:${port} backlog=4096; ${locations.join("\n")} }`,
  }));
}

/** nginx as the service behind the proxies: nothing, or 10 KiB. */
export function startNginxService(lab: Lab, program: string, place: Place): Promise<Running> {
  // A word of a configuration may have 4 KiB at most.
  const piece = "x".repeat(1024);
  const whole = "$piece".repeat(LARGE_BYTES / piece.length);
  return start(lab, program, "service", place, (port) => ({
    workers: 1,
    http: `server { listen 127.0.0.1:${port} backlog=4096; set $piece ${piece};
      location = ${LARGE_PATH} { return 200 "${whole}"; }
      location / { return 200 ""; } }`,
  }));
}

async function start(
  lab: Lab,
  program: string,
  name: string,
  place: Place,
  settings: (port: number) => Settings,
): Promise<Running> {
  const port = await lab.freePort();
  const { workers, http } = settings(port);
  const home = join(lab.folder, `nginx-${port}`);
  mkdirSync(home);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `${kind}_temp_path ${home}/${kind};`,
  );
  // Started by root, workers would become nobody, who may not enter the folder.
  const user = process.getuid?.() === 0 ? "user root;" : "";
  writeFileSync(
    join(home, "nginx.conf"),
    `daemon off; ${user} worker_processes ${workers}; worker_rlimit_nofile 16384; pid ${home}/pid; error_log ${home}/error.log;
    events { worker_connections 8192; }
    http { access_log off; keepalive_requests 1000000000; keepalive_timeout 300s; client_body_buffer_size 64k;
      ${temporary.join(" ")}
      ${http} }\n`,
  );
  return lab.startServer(
    name,
    place,
    program,
    ["-c", join(home, "nginx.conf"), "-p", home, "-e", join(home, "error.log")],
    port,
  );
}
