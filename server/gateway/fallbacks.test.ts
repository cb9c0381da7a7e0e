import { request } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { z } from "zod";
import type { BreakerPolicySpec } from "#domain/breaker-policy.ts";
import { bodyOf, until } from "./test-bed/peer.ts";
import { fallbackCounts, windowsUntil } from "./test-bed/streamed-windows.ts";
import { TestMesh } from "./test-bed/test-mesh.ts";

type PolicyDraft = z.input<typeof BreakerPolicySpec>;

let mesh: TestMesh;
/** What payments answers with: 0 breaks the connection, -1 says nothing. */
let status: number;
let backupStatus: number;
let calls: string[];

beforeEach(async () => {
  mesh = await TestMesh.start();
  status = 200;
  backupStatus = 200;
  calls = [];
  await mesh.serve("payments", (incoming, response) => {
    void bodyOf(incoming).then((body) => {
      calls.push(`payments ${incoming.method ?? ""} ${body.toString()}`);
      if (status === 0) incoming.socket.destroy();
      else if (status > 0) response.writeHead(status).end(`payments ${status}`);
    });
  });
  await mesh.serve("backup", (incoming, response) => {
    void bodyOf(incoming).then((body) => {
      calls.push(`backup ${incoming.method ?? ""} ${body.toString()}`);
      response.writeHead(backupStatus).end("backup");
    });
  });
  mesh.route("pay", { destinations: [{ service: "payments", weight: 1 }], timeoutMs: 5000 });
});
afterEach(() => mesh.stop());

const BACKUP = { kind: "service", service: "backup" } as const;
const FIXED = { kind: "fixed", status: 203, contentType: "text/plain", body: "closed for today" } as const;
const LAST_GOOD = { kind: "last-good" } as const;
const QUIET = { requestVolumeThreshold: 1000, timeoutMs: 150 };

function guard(fallbacks: PolicyDraft["fallbacks"], settings: PolicyDraft["settings"] = QUIET): void {
  mesh.breaker({ target: { kind: "service", service: "payments" }, settings, fallbacks });
}

async function pay(method: "GET" | "HEAD" | "POST" | "DELETE" = "GET", body?: string) {
  const answer = await request(mesh.edge, { method, ...(body === undefined ? {} : { body }) });
  const { headers } = answer;
  return {
    status: answer.statusCode,
    text: await answer.body.text(),
    headers,
    fallback: headers["x-mesh-fallback"],
  };
}

describe("the order of fallbacks", () => {
  it("is the policy's: backup, last good reply, fixed reply, each when those before it have nothing", async () => {
    guard([BACKUP, LAST_GOOD, FIXED]);
    expect(await pay()).toMatchObject({ text: "payments 200", fallback: undefined });
    status = 500;
    expect(await pay()).toMatchObject({ text: "backup", fallback: "backup;reason=failure" });
    backupStatus = 503;
    const kept = await pay();
    expect(kept).toMatchObject({ text: "payments 200", fallback: "last-good;reason=failure" });
    expect(kept.headers).toMatchObject({ "x-mesh-service": "payments", "x-mesh-attempts": "2" });
    expect(await pay("DELETE")).toMatchObject({ text: "closed for today", fallback: "fixed;reason=failure" });
  });

  it("asks a backup that comes after a last good reply when there is none", async () => {
    guard([LAST_GOOD, BACKUP]);
    status = 500;
    expect(await pay()).toMatchObject({ text: "backup", fallback: "backup;reason=failure" });
    expect((await pay()).headers["x-mesh-service"]).toBe("backup");
  });

  it("leaves the first answer standing when none has anything better, and counts that as failed", async () => {
    guard([BACKUP, LAST_GOOD]);
    status = 500;
    backupStatus = 500;
    const answer = await pay();
    expect(answer).toMatchObject({ status: 500, text: "payments 500", fallback: undefined });
    expect(answer.headers).toMatchObject({ "x-mesh-service": "payments", "x-mesh-instance": "payments-1" });
    expect(await fallbackCounts(mesh, "payments", 1)).toEqual({ served: 0, failed: 1, rejected: 0 });
  });

  it("is told in the readings", async () => {
    guard([BACKUP, LAST_GOOD, FIXED]);
    const windows = await windowsUntil(mesh, (all) => all.some(({ breakers }) => breakers.length > 0));
    const reading = windows.flatMap(({ breakers }) => breakers).find(({ service }) => service === "payments");
    expect(reading).toMatchObject({ backups: ["backup"], replies: ["last-good", "fixed"] });
  });
});

describe("a fixed reply", () => {
  it.each([
    ["failure", 500],
    ["unreachable", 0],
    ["timeout", -1],
  ])("is given on %s, to every method, with its type and length, and counted", async (reason, behaviour) => {
    guard([FIXED]);
    status = behaviour;
    for (const method of ["GET", "POST", "DELETE"] as const) {
      const answer = await pay(method, method === "POST" ? "x".repeat(100_000) : undefined);
      expect(answer).toMatchObject({ status: 203, text: "closed for today", fallback: `fixed;reason=${reason}` });
      expect(answer.headers).toMatchObject({
        "content-type": "text/plain",
        "content-length": "16",
        "x-mesh-service": "payments",
        "x-mesh-attempts": "1",
      });
      expect(answer.headers["x-mesh-instance"]).toBeUndefined();
    }
    expect(calls).toHaveLength(3);
    expect(await fallbackCounts(mesh, "payments", 3)).toEqual({ served: 3, failed: 0, rejected: 0 });
  });

  it("has no body for HEAD, but its length", async () => {
    guard([FIXED]);
    status = 500;
    expect(await pay("HEAD")).toMatchObject({ status: 203, text: "", headers: { "content-length": "16" } });
  });

  it("is given when the breaker is open, forced open, full, or has no instance", async () => {
    guard([FIXED], { ...QUIET, requestVolumeThreshold: 1, sleepWindowMs: 60_000 });
    status = 500;
    await pay();
    expect((await pay()).fallback).toBe("fixed;reason=short-circuited");
    const lift = mesh.force({ target: { kind: "service", service: "payments" }, mode: "forced-open" });
    expect((await pay()).fallback).toBe("fixed;reason=forced-open");
    lift();
    guard([FIXED], { ...QUIET, enabled: false, maxConcurrent: 1, timeoutMs: 5000 });
    status = -1;
    const waiting = request(mesh.edge).catch(() => null);
    await until(() => calls.length === 2);
    expect((await pay()).fallback).toBe("fixed;reason=rejected");
    mesh.deregister("payments-1");
    const before = calls.length;
    expect(await until(async () => (await pay()).fallback)).toMatch(/^fixed;reason=(rejected|no-instance)$/);
    expect(calls).toHaveLength(before);
    await mesh.peers[0]?.stop();
    await waiting;
    expect((await pay()).fallback).toBe("fixed;reason=no-instance");
  });

  it("is changed by the route like any answer, once", async () => {
    guard([FIXED]);
    status = 500;
    mesh.route("pay", {
      destinations: [{ service: "payments", weight: 1 }],
      responseHeaders: { add: [{ name: "x-shop", value: "closed" }] },
    });
    for (let index = 0; index < 2; index += 1) expect((await pay()).headers["x-shop"]).toBe("closed");
  });

  it("is given also when the request's whole time is over: nobody is called for it", async () => {
    mesh.route("pay", { destinations: [{ service: "payments", weight: 1 }], timeoutMs: 100 });
    guard([BACKUP, FIXED], { ...QUIET, timeoutMs: 5000 });
    status = -1;
    expect((await pay()).fallback).toBe("fixed;reason=timeout");
    expect(calls).toEqual(["payments GET "]);
  });
});

describe("the bulkhead of fallbacks", () => {
  it("refuses backups above its limit, which counts as rejected and not as failed; what is at hand answers still", async () => {
    let end = (): void => undefined;
    await mesh.serve("slow-backup", (_incoming, response) => {
      response.write("started ");
      end = () => response.end("ended");
    });
    const slow = { kind: "service", service: "slow-backup" } as const;
    guard([slow], { ...QUIET, fallbackMaxConcurrent: 1 });
    status = 500;
    const first = await request(mesh.edge);
    expect(first.headers["x-mesh-fallback"]).toBe("slow-backup;reason=failure");
    expect(await pay()).toMatchObject({ status: 500, text: "payments 500", fallback: undefined });
    guard([slow, FIXED], { ...QUIET, fallbackMaxConcurrent: 1 });
    expect(await pay()).toMatchObject({ text: "closed for today" });
    end();
    expect(await first.body.text()).toBe("started ended");
    expect(await fallbackCounts(mesh, "payments", 4)).toEqual({ served: 2, failed: 0, rejected: 2 });
    const again = await until(async () => {
      const answer = await request(mesh.edge);
      end();
      await answer.body.dump();
      return answer.headers["x-mesh-fallback"] === "slow-backup;reason=failure";
    });
    expect(again).toBe(true);
  });

  it("has its place back while the service's own answer, which stands, is still being sent", async () => {
    const ends: (() => void)[] = [];
    await mesh.serve("drip", (_incoming, response) => {
      response.writeHead(500).write("sorry");
      ends.push(() => response.end());
    });
    mesh.route("pay", { destinations: [{ service: "drip", weight: 1 }] });
    const settings = { ...QUIET, fallbackMaxConcurrent: 1 };
    mesh.breaker({ target: { kind: "service", service: "drip" }, settings, fallbacks: [BACKUP] });
    backupStatus = 500;
    const answers = [await request(mesh.edge), await request(mesh.edge)];
    for (const end of ends) end();
    for (const answer of answers) expect([answer.statusCode, await answer.body.text()]).toEqual([500, "sorry"]);
    expect(calls).toHaveLength(2);
  });

  it("has its place back when a backup did no better, or the client went away", async () => {
    guard([BACKUP], { ...QUIET, fallbackMaxConcurrent: 1 });
    status = 500;
    backupStatus = 500;
    for (let index = 0; index < 3; index += 1) expect((await pay()).status).toBe(500);
    expect(calls.filter((call) => call.startsWith("backup"))).toHaveLength(3);
    await mesh.serve("silent", () => void calls.push("silent"));
    guard([{ kind: "service", service: "silent" }], { ...QUIET, fallbackMaxConcurrent: 1 });
    const leaving = new AbortController();
    const left = request(mesh.edge, { signal: leaving.signal }).catch(() => "left");
    await until(() => calls.includes("silent"));
    leaving.abort();
    expect(await left).toBe("left");
    guard([BACKUP], { ...QUIET, fallbackMaxConcurrent: 1 });
    backupStatus = 200;
    expect(await until(async () => (await pay()).fallback)).toBe("backup;reason=failure");
    // Nobody was refused a fallback whose client had gone.
    const { failed } = await fallbackCounts(mesh, "payments", 4);
    expect(failed).toBe(3);
  });
});

describe("what counts as a failure", () => {
  it("is what the policy lists: a 429 is answered for and opens the breaker, a 500 that is not listed does neither", async () => {
    const settings = { ...QUIET, requestVolumeThreshold: 3, failureStatuses: ["429", "502-504"] };
    guard([FIXED], { ...settings, sleepWindowMs: 60_000 });
    status = 500;
    for (let index = 0; index < 5; index += 1) expect(await pay()).toMatchObject({ text: "payments 500" });
    status = 429;
    for (let index = 0; index < 5; index += 1) expect((await pay()).fallback).toBe("fixed;reason=failure");
    expect((await pay()).fallback).toBe("fixed;reason=short-circuited");
  });

  it("holds for outlier ejection, too", async () => {
    guard([], { ...QUIET, failureStatuses: ["404"] });
    const outlier = { consecutiveFailures: 2, ejectionMs: 60_000 };
    mesh.servicePolicy({ service: "payments", outlier });
    await mesh.serve("payments", (_incoming, response) => response.end("other"), { id: "other" });
    const ejections = async (): Promise<number> => (await mesh.instances())["payments-1"]?.ejections ?? 0;
    status = 500;
    for (let index = 0; index < 10; index += 1) await pay();
    expect(await ejections()).toBe(0);
    status = 404;
    for (let index = 0; index < 10; index += 1) await pay();
    expect(await ejections()).toBe(1);
  });

  it("leaves retries to the route's own statuses", async () => {
    guard([], { ...QUIET, failureStatuses: ["404"] });
    const retry = { on: ["status" as const], statuses: [503], backoffMs: 1 };
    mesh.route("pay", { destinations: [{ service: "payments", weight: 1 }], retry });
    status = 404;
    expect((await pay()).headers["x-mesh-attempts"]).toBe("1");
    status = 503;
    expect((await pay()).headers["x-mesh-attempts"]).toBe("2");
  });

  it("judges injected answers", async () => {
    guard([FIXED], { ...QUIET, failureStatuses: ["418"] });
    const fault = (injected: number): void =>
      mesh.route("pay", {
        destinations: [{ service: "payments", weight: 1 }],
        faults: { abort: { status: injected, percent: 100 } },
      });
    fault(418);
    expect(await pay()).toMatchObject({ status: 203, fallback: "fixed;reason=failure" });
    fault(500);
    expect(await pay()).toMatchObject({ status: 500, fallback: undefined });
    guard([FIXED], { ...QUIET, failureStatuses: ["418"], requestVolumeThreshold: 2, sleepWindowMs: 60_000 });
    expect(await pay()).toMatchObject({ status: 500, fallback: undefined });
    for (let index = 0; index < 3; index += 1) expect(await pay()).toMatchObject({ status: 500 });
    fault(418);
    for (let index = 0; index < 6; index += 1) await pay();
    expect((await pay()).fallback).toBe("fixed;reason=short-circuited");
  });

  it("of a backup is the backup's own policy", async () => {
    guard([BACKUP, FIXED]);
    mesh.breaker({ target: { kind: "service", service: "backup" }, settings: { failureStatuses: ["404"] } });
    status = 500;
    backupStatus = 404;
    expect((await pay()).fallback).toBe("fixed;reason=failure");
    backupStatus = 500;
    expect(await pay()).toMatchObject({ status: 500, text: "backup" });
  });

  it("may be nothing a service says: then only silence is", async () => {
    guard([FIXED], { ...QUIET, failureStatuses: [] });
    status = 503;
    expect(await pay()).toMatchObject({ text: "payments 503" });
    status = 0;
    expect((await pay()).fallback).toBe("fixed;reason=unreachable");
  });
});
