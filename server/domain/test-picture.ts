import { NOT_TRUNCATED } from "./instance.ts";
import { testSync, testZooKeeperLink } from "./test-sync.ts";
import type { FleetBreaker, LivePicture, LiveService } from "./live.ts";
import { testInstance } from "./test-instance.ts";

/** For tests: all is well and nothing flows, but for what `change` says. */
export function testPicture(change: Partial<LivePicture> = {}): LivePicture {
  return {
    atMs: 1000,
    windowMs: 10_000,
    consoleId: "console-1",
    topology: { nodes: [], edges: [] },
    services: [],
    breakers: [],
    hystrix: [],
    hystrixSources: [],
    gateways: [],
    sync: testSync(),
    links: {
      zookeeper: testZooKeeperLink(),
      database: { state: "up", sinceMs: 0, problem: "" },
    },
    healthVersion: 0,
    registryReadAtMs: 1000,
    registryTruncated: NOT_TRUNCATED,
    ...change,
  };
}

/** For tests: the breaker `checkout->payments`, that nothing calls, but for what `change` says. */
export function testBreaker(change: Partial<FleetBreaker> = {}): FleetBreaker {
  return {
    key: "checkout->payments",
    routeId: "checkout",
    service: "payments",
    group: "payments",
    gateways: [],
    offeredPerSecond: 0,
    callers: [],
    p50Ms: null,
    p95Ms: null,
    p99Ms: null,
    history: [],
    transitions: [],
    outlooks: [],
    ...change,
  };
}

/** For tests: a service with these instances, all serving. */
export function testService(name: string, ids: readonly string[], change: Partial<LiveService> = {}): LiveService {
  const instances = ids.map((id, at) => testInstance({ service: name, id, port: 80 + at }));
  return { name, instances, unreadable: [], traffic: [], standings: [], departed: [], ...change };
}
