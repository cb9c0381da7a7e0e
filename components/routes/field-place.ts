import type { RouteSpec } from "#domain/route.ts";

/** Where each part of a route is edited, as its section is called. */
const PLACES: Readonly<Record<keyof RouteSpec, string>> = {
  description: "Description",
  enabled: "Enabled",
  hosts: "Hosts",
  matches: "Match",
  destinations: "Destination",
  sticky: "Sticky by",
  answer: "Action",
  timeoutMs: "Timeouts & body limit",
  idleTimeoutMs: "Timeouts & body limit",
  maxBodyBytes: "Timeouts & body limit",
  retry: "Retries",
  rewriteHost: "Rewrite",
  rewritePath: "Rewrite",
  requestHeaders: "Request headers",
  responseHeaders: "Response headers",
  cors: "CORS",
  rateLimits: "Rate limit",
  mirror: "Mirror",
  faults: "Faults",
  priority: "Advanced",
  pathOptIns: "Advanced",
  webSocket: "Advanced",
  listeners: "Advanced",
};

/** A path of the form in words, for lists of what is wrong: `Match 2`, `Retries`. */
export function fieldPlace(path: string): string {
  const [top = "", part = "", at = ""] = path.split(".");
  if (top !== "spec") return "Name";
  const place = Object.entries(PLACES).find(([key]) => key === part)?.[1] ?? "Route";
  return /^\d+$/.test(at) ? `${place} ${(Number(at) + 1).toString()}` : place;
}
