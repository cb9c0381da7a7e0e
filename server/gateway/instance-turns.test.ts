import { beforeEach, describe, expect, it } from "vitest";
import { testInstance } from "#domain/test-instance.ts";
import { ServicePolicySpec } from "#domain/service-policy.ts";
import type { InstanceTransition } from "#domain/traffic.ts";
import { ServiceStates, type InstanceState, type ServiceState } from "./instance-state.ts";
import { InstanceTurns } from "./instance-turns.ts";

const EPOCH_MS = 1_000_000;
let nowMs: number;
let told: InstanceTransition[];
let turns: InstanceTurns;
let services: ServiceStates;

const POLICY = ServicePolicySpec.parse({
  service: "cart",
  outlier: { enabled: true, consecutiveFailures: 2, baseMs: 1000, maxMs: 5000 },
  healthCheck: { path: "/healthz" },
});

beforeEach(() => {
  nowMs = 100;
  told = [];
  turns = new InstanceTurns({ nowMs: () => EPOCH_MS + nowMs, monotonicMs: () => nowMs }, (one) => told.push(one));
  services = new ServiceStates((news) => turns.take(news));
  register("a", "b");
});

function register(...ids: string[]): void {
  const instances = ids.map((id) => testInstance({ service: "cart", id }));
  services.follow({ set: [{ name: "cart", instances, unreadable: [] }], removed: [] }, 1, nowMs);
  service().configure(POLICY, nowMs);
}

function instance(id: string): InstanceState {
  const found = [...service().instances].find((one) => one.id === id);
  if (found === undefined) throw new Error("not registered");
  return found;
}

function service(): ServiceState {
  const cart = services.get("cart");
  if (cart === undefined) throw new Error("not registered");
  return cart;
}

function fail(id: string): void {
  for (let n = 0; n < POLICY.outlier.consecutiveFailures; n += 1) instance(id).called("failure", nowMs);
}

const turnsTold = (): unknown[] => told.map(({ instance: id, turn, atMs, untilMs }) => [id, turn, atMs, untilMs]);

describe("what becomes of instances", () => {
  it("is told when one is ejected, with until when, and when that is over, with when it was", () => {
    fail("a");
    turns.look();
    nowMs = 1600;
    turns.look();
    turns.look();
    expect(turnsTold()).toEqual([
      ["a", "ejected", EPOCH_MS + 100, EPOCH_MS + 1100],
      ["a", "returned", EPOCH_MS + 1100, null],
    ]);
    expect(told[0]?.cause).toBe("2 failures in a row");
  });

  it("has a return between two ejections, also when nobody looked in between", () => {
    fail("a");
    nowMs = 1200;
    fail("a");
    expect(turnsTold()).toEqual([
      ["a", "ejected", EPOCH_MS + 100, EPOCH_MS + 1100],
      ["a", "returned", EPOCH_MS + 1200, null],
      ["a", "ejected", EPOCH_MS + 1200, EPOCH_MS + 3200],
    ]);
  });

  it("does not say of one that has left the registry that it came back", () => {
    fail("a");
    register("b");
    nowMs = 9000;
    turns.look();
    expect(turnsTold()).toEqual([["a", "ejected", EPOCH_MS + 100, EPOCH_MS + 1100]]);
  });

  it("is told when health checks find one unhealthy, and healthy again; not when they find it well at first", () => {
    instance("b").checked(true, nowMs);
    expect(told).toEqual([]);
    for (let n = 0; n < 10; n += 1) instance("b").checked(false, nowMs);
    for (let n = 0; n < 10; n += 1) instance("b").checked(true, nowMs);
    expect(turnsTold()).toEqual([
      ["b", "unhealthy", EPOCH_MS + 100, null],
      ["b", "healthy", EPOCH_MS + 100, null],
    ]);
  });
});
