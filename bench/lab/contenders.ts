import { startHaproxy } from "./haproxy.ts";
import type { Lab, Place, Running } from "./lab.ts";
import { startNginxProxy, startNginxService } from "./nginx.ts";
import { ROUTES } from "./paths.ts";

/** npm packages by the name their column has; the values are scripts of bench/proxies. */
const SCRIPTS = {
  "http-proxy": "http-proxy",
  "http-proxy-3": "http-proxy-3",
  httpxy: "httpxy",
  "@fastify/http-proxy": "fastify-http-proxy",
  "fast-gateway": "fast-gateway",
} as const;
type Package = keyof typeof SCRIPTS;
export type Contender = "ours" | "nginx" | "haproxy" | Package;

export const CONTENDERS: readonly Contender[] = [
  "ours",
  "nginx",
  "haproxy",
  "http-proxy",
  "http-proxy-3",
  "httpxy",
  "@fastify/http-proxy",
  "fast-gateway",
];

export interface ContenderOptions {
  /** Port of the service behind it. */
  readonly upstream: number;
  readonly place: Place;
  readonly workers?: number;
  /** Of ours, nginx and HAProxy; the others know none. */
  readonly routes?: number;
  /** Of ours only: everything a route and a service policy can say. */
  readonly everyFilter?: boolean;
  /** Of those that Node runs. */
  readonly flags?: readonly string[];
}

/** Null where the program is not installed. */
export async function startContender(lab: Lab, name: Contender, options: ContenderOptions): Promise<Running | null> {
  const { upstream, place, workers = 1, routes = ROUTES, everyFilter = false, flags = [] } = options;
  const { nginx, haproxy } = lab.tools;
  if (name === "nginx")
    return nginx === undefined ? null : startNginxProxy(lab, nginx, { upstream, place, workers, routes });
  if (name === "haproxy")
    return haproxy === undefined ? null : startHaproxy(lab, haproxy, { upstream, place, workers, routes });
  if (name === "ours")
    return lab.startScript("ours", place, [JSON.stringify({ upstream, routes, everyFilter, workers })], flags);
  return { ...(await lab.startScript(SCRIPTS[name], place, [`http://127.0.0.1:${upstream}`], flags)), name };
}

/** Programs that need no warming: they are compiled when they start. */
export const isNative = ({ name }: Running): boolean => name === "nginx" || name === "haproxy";

/** What is behind the proxies. */
export function startService(lab: Lab, place: Place): Promise<Running> {
  const { nginx } = lab.tools;
  return nginx === undefined ? lab.startScript("upstream", place, []) : startNginxService(lab, nginx, place);
}
