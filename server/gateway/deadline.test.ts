import { request } from "undici";
import { afterEach, beforeEach, expect, it } from "vitest";
import { DEFAULT_BREAKER_SETTINGS } from "#domain/breaker-policy.ts";
import { exchangeBytes } from "./test-bed/peer.ts";
import { TestMesh } from "./test-bed/test-mesh.ts";

let mesh: TestMesh;
let calls: string[];
/** Whether the slow service answers. */
let answering: boolean;
/** One failure opens the breaker, and for good. */
const TOUCHY = { ...DEFAULT_BREAKER_SETTINGS, requestVolumeThreshold: 1, sleepWindowMs: 60_000, timeoutMs: 5000 };

beforeEach(async () => {
  mesh = await TestMesh.start();
  calls = [];
  answering = true;
  await mesh.serve("payments", (_incoming, response) => {
    calls.push("payments");
    if (answering) response.end("payments");
  });
  await mesh.serve("backup", (_incoming, response) => {
    calls.push("backup");
    response.end("backup");
  });
  mesh.breaker({
    target: { kind: "service", service: "payments" },
    settings: TOUCHY,
    fallbacks: [{ kind: "service", service: "backup" }],
  });
  mesh.breaker({ target: { kind: "service", service: "backup" }, settings: TOUCHY });
  mesh.route("pay", { destinations: [{ service: "payments", weight: 1 }], timeoutMs: 200 });
});
afterEach(() => mesh.stop());

async function pay() {
  const answer = await request(mesh.edge);
  return { status: answer.statusCode, text: await answer.body.text(), fallback: answer.headers["x-mesh-fallback"] };
}

it("a client too slow with its body has its answer at the deadline, nobody is called, and no breaker hears of it", async () => {
  const half = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe";
  const { text, closed } = await exchangeBytes(mesh.gateway.edgePort, half);
  expect(closed).toBe(true);
  expect(text).toMatch(/^HTTP\/1\.1 408 /);
  expect(text).toContain("BODY_TOO_LATE");
  expect(text).toContain("x-mesh-attempts: 0\r\n");
  expect(calls).toEqual([]);
  expect(await pay()).toEqual({ status: 200, text: "payments", fallback: undefined });
});

it("a service that used up the request's time leaves none for backups: they are not called, and their breakers stay closed", async () => {
  answering = false;
  const late = await pay();
  expect(late.status).toBe(504);
  expect(JSON.parse(late.text)).toMatchObject({ code: "UPSTREAM_TIMEOUT" });
  expect(calls).toEqual(["payments"]);
  // The service's own breaker is open now; the backup serves, which it would not if its breaker were too.
  expect(await pay()).toEqual({ status: 200, text: "backup", fallback: "backup;reason=short-circuited" });
});
