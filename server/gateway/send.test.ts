import { afterEach, beforeEach, expect, it } from "vitest";
import { WeightedRoundRobin } from "#domain/balancer.ts";
import { DEFAULT_BREAKER_SETTINGS } from "#domain/breaker-policy.ts";
import { EMPTY_REGISTRY } from "#domain/instance.ts";
import { compileRoutes } from "#domain/route-match.ts";
import { RouteSpec } from "#domain/route.ts";
import { EMPTY_SNAPSHOT } from "#domain/snapshot.ts";
import { GatewayWindows } from "#telemetry/gateway-windows.ts";
import { compileFilters } from "./compile-filters.ts";
import { Command } from "./command.ts";
import { DeadlineWheel } from "./deadline-wheel.ts";
import type { Exchange } from "./exchange.ts";
import { admit } from "./filters/admit.ts";
import { balance } from "./filters/balance.ts";
import { InstancePool } from "./instance-pool.ts";
import { InstanceState, ServiceState } from "./instance-state.ts";
import type { Target } from "./mesh.ts";
import { pipeline, type Handler } from "./pipeline.ts";
import { send } from "./send.ts";
import { arrivalFrom } from "./test-bed/arrival.ts";
import { startPeer, type Peer } from "./test-bed/peer.ts";
import { UpstreamPools } from "./upstream/upstream-pools.ts";

let nowMs = 0;
const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
const settings = { ...DEFAULT_BREAKER_SETTINGS, requestVolumeThreshold: 1, sleepWindowMs: 100 };
let peer: Peer;
let reached: number;
let pools: UpstreamPools;
let command: Command;
let target: Target;
let call: Handler;

beforeEach(async () => {
  nowMs = 1000;
  reached = 0;
  peer = await startPeer((_incoming, response) => {
    reached += 1;
    response.end("ok");
  });
  command = new Command("it->echo", "it", "echo", settings, clock, () => undefined);
  const guard = { command, group: "echo", settings, overrides: [], fails: () => false, fallbacks: [], lastGood: null };
  target = { guard, service: "echo", subset: "", pool: "echo", asFallback: false };
  const windows = new GatewayWindows({ gatewayId: "gw", run: "run", startMs: nowMs });
  const wheel = new DeadlineWheel(clock);
  pools = new UpstreamPools({ wheel, clock });
  call = pipeline([admit("gw", windows, clock), balance], send(pools, wheel, clock));
});
afterEach(async () => {
  await pools.stop();
  await peer.stop();
});

function exchangeUntil(deadlineMs: number): Exchange {
  const origin = `http://127.0.0.1:${peer.port}`;
  const instance = { id: "echo-1", service: "echo", address: "127.0.0.1", port: peer.port, tls: false, origin };
  const service = new ServiceState("echo");
  const member = { instance, state: new InstanceState(service, "echo-1", 0), weight: 100, local: false };
  const spec = RouteSpec.parse({ matches: [{}], destinations: [{ service: "echo", weight: 1 }] });
  return {
    arrival: arrivalFrom("127.0.0.1"),
    head: {
      method: "GET",
      path: "/",
      pathNeeds: [],
      search: "",
      host: "a",
      authority: "a",
      headers: [],
      hopNames: [],
      webSocket: false,
      spoken: "1.1",
      hasBody: false,
      contentLength: null,
    },
    body: null,
    mesh: {
      policy: {
        source: EMPTY_SNAPSHOT,
        matcher: compileRoutes([]),
        routes: new Map(),
        commands: new Map([[target.guard.command.key, target.guard]]),
        pools: new Map(),
        poolsOf: new Map(),
        held: new Map(),
      },
      registry: EMPTY_REGISTRY,
      services: new Map(),
      instances: new Map([["echo", [instance]]]),
      pools: new Map([["echo", new InstancePool(service, [member])]]),
      revision: "test",
    },
    requestId: "id",
    sentPath: "/",
    sentAuthority: "a",
    startedMs: 0,
    deadlineMs,
    route: {
      id: "it",
      spec,
      destinations: [],
      balancer: new WeightedRoundRobin(),
      retry: null,
      ...compileFilters(spec),
      rateLimits: null,
      mirror: null,
    },
    match: null,
    target,
    attempt: null,
    instance: null,
    tryTimeoutMs: null,
    attempts: 0,
    upstreamMs: 0,
    fallback: null,
    abandoned: false,
    call: null,
    whenDone: [],
  };
}

it("a call without time left is not sent, and the breaker stays closed", async () => {
  const exchange = exchangeUntil(nowMs);
  const reply = await call(exchange);
  expect(reply.failure).toEqual({ code: "UPSTREAM_TIMEOUT", outcome: "abandoned" });
  expect([exchange.attempts, reached, command.breaker.state.kind]).toEqual([0, 0, "closed"]);
});

it("a trial without time left gives its permit back: the next may try, and closes the breaker", async () => {
  const permit = command.breaker.acquire(nowMs, null);
  command.breaker.settle(permit, "failure", nowMs, 0);
  command.breaker.release();
  expect(command.breaker.state.kind).toBe("open");
  nowMs += settings.sleepWindowMs;
  await call(exchangeUntil(nowMs));
  expect(command.breaker.state).toMatchObject({ kind: "half-open", leases: [] });
  const reply = await call(exchangeUntil(nowMs + 1000));
  expect(reply.status).toBe(200);
  await new Promise<void>((resolve, reject) =>
    reply.stream?.start({ write: () => true, end: resolve, fail: () => reject(new Error("broke off")) }),
  );
  expect([reached, command.breaker.state.kind]).toEqual([1, "closed"]);
});
