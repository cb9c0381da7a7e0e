import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Lab, Place, Running } from "./lab.ts";
import { servicePath } from "./paths.ts";

/** HAProxy at equal work: connections are kept and shared, forwarding fields and an id are added, no log. */
export async function startHaproxy(
  lab: Lab,
  program: string,
  options: { readonly upstream: number; readonly workers: number; readonly routes: number; readonly place: Place },
): Promise<Running> {
  const { upstream, workers, routes, place } = options;
  const port = await lab.freePort();
  const routeMap = join(lab.folder, `haproxy-${port}.map`);
  const configuration = join(lab.folder, `haproxy-${port}.cfg`);
  writeFileSync(routeMap, Array.from({ length: routes }, (_, index) => `${servicePath(index)}/ service\n`).join(""));
  writeFileSync(
    configuration,
    `global
  nbthread ${workers}
  maxconn 8000
defaults
  mode http
  timeout connect 5s
  timeout client 300s
  timeout server 300s
  timeout http-keep-alive 300s
  http-reuse always
frontend edge
  bind 127.0.0.1:${port} backlog 4096
  option forwardfor
  http-request set-header X-Forwarded-Proto http
  http-request set-header X-Request-Id %[uuid()]
  use_backend %[path,map_beg(${routeMap})]
backend service
  server first 127.0.0.1:${upstream}
`,
  );
  return lab.startServer("haproxy", place, program, ["-db", "-q", "-f", configuration], port);
}
