import { request } from "undici";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { HealthCheck } from "#domain/service-policy.ts";
import { until } from "./test-bed/peer.ts";
import { TestMesh } from "./test-bed/test-mesh.ts";

/** Turned by hand. */
let nowMs: number;
const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
let mesh: TestMesh;
/** What each instance answers to a check; 0: nothing. */
let health: Record<string, number>;
/** Checks each has had. */
let checks: Record<string, number>;

beforeEach(async () => {
  nowMs = 1000;
  health = { a: 204, b: 204 };
  checks = { a: 0, b: 0 };
  mesh = await TestMesh.start({ clock, drainMs: 0 });
  for (const id of ["a", "b"]) {
    await mesh.serve(
      "cart",
      ({ url }, response) => {
        if (url !== "/alive") return void response.end(id);
        checks[id] = (checks[id] ?? 0) + 1;
        if (health[id] === 0) return;
        response.statusCode = health[id] ?? 500;
        response.end();
      },
      { id },
    );
  }
  mesh.route("cart", { destinations: [{ service: "cart", weight: 1 }] });
});
afterEach(() => mesh.stop());

function check(change: Partial<HealthCheck> = {}): void {
  const healthCheck = { path: "/alive", intervalMs: 1000, timeoutMs: 500, unhealthyAfter: 2, ...change };
  mesh.servicePolicy({ service: "cart", healthCheck });
}

/** Lets the next checks fall due, and waits for them. A gateway that had not heard of the last one yet counts from when it did. */
async function untilChecked(names: readonly string[]): Promise<void> {
  const before = { ...checks };
  nowMs += 1100;
  await until(() => {
    nowMs += 10;
    return names.every((name) => (checks[name] ?? 0) > (before[name] ?? 0));
  });
}

/** Lets each be checked once more. */
const round = (): Promise<void> => untilChecked(["a", "b"]);

async function served(): Promise<Set<string>> {
  const seen = new Set<string>();
  for (let n = 0; n < 6; n += 1) seen.add(await (await request(mesh.edge)).body.text());
  return seen;
}

const healthOf = async (id: string): Promise<string | undefined> => (await mesh.instances())[id]?.health;

it("an instance that fails its checks as often as the policy says gets no requests, and some again once it passes them", async () => {
  check();
  await round();
  await until(async () => (await healthOf("a")) === "healthy" && (await healthOf("b")) === "healthy");
  health["b"] = 503;
  await round();
  expect(await healthOf("b")).toBe("healthy");
  await round();
  await until(async () => (await healthOf("b")) === "unhealthy");
  expect(await served()).toEqual(new Set(["a"]));
  health["b"] = 302;
  await round();
  expect(await healthOf("b")).toBe("unhealthy");
  await round();
  await until(async () => (await healthOf("b")) === "healthy");
  expect(await served()).toEqual(new Set(["a", "b"]));
});

it("no answer in time is a failure", async () => {
  check({ unhealthyAfter: 1 });
  health["b"] = 0;
  await round();
  nowMs += 500;
  await until(async () => (await healthOf("b")) === "unhealthy");
  expect(await served()).toEqual(new Set(["a"]));
});

it("when all fail, all are used: better than nobody", async () => {
  check({ unhealthyAfter: 1 });
  health = { a: 500, b: 500 };
  await round();
  await until(async () => (await healthOf("a")) === "unhealthy" && (await healthOf("b")) === "unhealthy");
  expect(await served()).toEqual(new Set(["a", "b"]));
});

it("ends with the policy that asks for it, and whoever was out is in again", async () => {
  check({ unhealthyAfter: 1 });
  health["b"] = 500;
  await round();
  await until(async () => (await healthOf("b")) === "unhealthy");
  mesh.servicePolicy({ service: "cart" });
  expect(await healthOf("b")).toBe("unknown");
  expect(await served()).toEqual(new Set(["a", "b"]));
});

it("an instance that is drained is not checked", async () => {
  check();
  await round();
  const before = checks["b"] ?? 0;
  const healthCheck = { path: "/alive", intervalMs: 1000, timeoutMs: 500 };
  mesh.servicePolicy({ service: "cart", healthCheck, instances: { b: { drained: true } } });
  for (let n = 0; n < 3; n += 1) await untilChecked(["a"]);
  expect(checks["b"]).toBe(before);
});

it("an instance that registers while others are checked is checked with them, until it leaves", async () => {
  check();
  await round();
  await mesh.serve(
    "cart",
    (_incoming, response) => {
      checks["c"] = (checks["c"] ?? 0) + 1;
      response.end();
    },
    { id: "c" },
  );
  await untilChecked(["a", "b", "c"]);
  mesh.deregister("c");
  const before = checks["c"];
  for (let n = 0; n < 3; n += 1) await round();
  expect(checks["c"]).toBe(before);
});
