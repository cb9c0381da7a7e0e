import { EMPTY_REGISTRY, type Instance, type RegistryPicture } from "#domain/instance.ts";
import { RouteSpec, type RouteDraft } from "#domain/route.ts";
import { ServicePolicySpec, type ServicePolicyDraft } from "#domain/service-policy.ts";
import { EMPTY_SNAPSHOT, type PolicySnapshot, type Published } from "#domain/snapshot.ts";
import { servicePath } from "../lab/paths.ts";

const serviceName = (index: number): string => `service-${index}`;

/** Everything a route can say that lets a plain request through, all at once; nothing of it ever refuses or delays. */
const EVERY_FILTER: Partial<RouteDraft> = {
  sticky: { kind: "header", name: "x-user" },
  maxBodyBytes: 1_048_576,
  retry: { retries: 2, on: ["connect-failure", "reset", "status"], perTryTimeoutMs: 5000 },
  rewriteHost: "service.internal",
  rewritePath: { kind: "prefix", value: "/v2" },
  requestHeaders: {
    set: [
      { name: "x-tenant", value: "bench" },
      { name: "x-trace-of", value: "{request.id}" },
    ],
    add: [{ name: "via", value: "1.1 {route}" }],
    remove: ["x-internal"],
  },
  responseHeaders: {
    set: [{ name: "cache-control", value: "no-store" }],
    add: [{ name: "x-served-by", value: "{instance}" }],
    remove: ["server"],
  },
  mirror: { service: serviceName(0), percent: 0 },
  faults: { delay: { ms: 1000, percent: 0 }, abort: { status: 503, percent: 0 } },
  cors: { origins: ["https://*.example.com"], exposed: ["x-served-by"], credentials: true },
  rateLimits: [
    { requests: 1_000_000, perMs: 100, burst: 1_000_000 },
    { requests: 1_000_000, perMs: 100, burst: 1_000_000, by: { kind: "address" } },
  ],
};

/** The same for services. */
const EVERY_CARE: Partial<ServicePolicyDraft> = {
  balancing: { kind: "hash", by: { kind: "header", name: "x-user" } },
  slowStartMs: 10_000,
  outlier: { enabled: true, consecutiveFailures: 5 },
};

/** So many routes, each to a service and through a breaker of its own. */
export function policyOf(routes: number, everyFilter: boolean): PolicySnapshot {
  const indexes = Array.from({ length: routes }, (_, index) => index);
  return {
    ...EMPTY_SNAPSHOT,
    incarnation: "bench",
    revision: routes,
    routes: new Map(
      indexes.map((index) => {
        const spec = RouteSpec.parse({
          matches: [{ path: { kind: "prefix", value: servicePath(index) } }],
          destinations: [{ service: serviceName(index), weight: 1 }],
          ...(everyFilter && EVERY_FILTER),
        });
        return published(`route-${index}`, index, spec);
      }),
    ),
    services: new Map(
      (everyFilter ? indexes : []).map((index) =>
        published(serviceName(index), index, ServicePolicySpec.parse({ service: serviceName(index), ...EVERY_CARE })),
      ),
    ),
  };
}

function published<Spec>(id: string, index: number, spec: Spec): [string, Published<Spec>] {
  return [id, { id, revision: index + 1, spec }];
}

/** One instance of each service; all are the same server. */
export function registryOf(routes: number, port: number): RegistryPicture {
  const services = Array.from({ length: routes }, (_, index) => {
    const service = serviceName(index);
    const instance: Instance = {
      service,
      id: `${service}-1`,
      address: "127.0.0.1",
      port,
      protocol: "http",
      tls: false,
      metadata: {},
      serving: true,
      weight: null,
      presence: "present",
      origin: "curator",
      registeredAtMs: 0,
    };
    return { name: service, unreadable: [], instances: [instance] };
  });
  return { ...EMPTY_REGISTRY, readAtMs: 1, services };
}
