import type { IncomingMessage, ServerResponse } from "node:http";
import { request } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { z } from "zod";
import type { BreakerPolicySpec } from "#domain/breaker-policy.ts";
import type { RouteDraft } from "#domain/route.ts";
import { until } from "./test-bed/peer.ts";
import { TestMesh } from "./test-bed/test-mesh.ts";

let mesh: TestMesh;
/** How the service answers; after `break` with 500. */
let answer: (incoming: IncomingMessage, response: ServerResponse) => void;
let broken: boolean;
/** How far the gateway's clock is ahead, ms. */
let aheadMs: number;
const clock = { nowMs: () => Date.now() + aheadMs, monotonicMs: () => performance.now() + aheadMs };

beforeEach(async () => {
  aheadMs = 0;
  broken = false;
  answer = (incoming, response) => void response.end(`good ${incoming.url ?? ""}`);
  mesh = await TestMesh.start({ clock });
  await mesh.serve("catalog", (incoming, response) => {
    incoming.resume();
    if (broken) response.writeHead(500).end("broken");
    else answer(incoming, response);
  });
  route();
  guard();
});
afterEach(() => mesh.stop());

const route = (more: Partial<RouteDraft> = {}): void =>
  mesh.route("shop", { destinations: [{ service: "catalog", weight: 1 }], ...more });

function guard(lastGood: object = {}, more: Partial<z.input<typeof BreakerPolicySpec>> = {}): void {
  mesh.breaker({
    target: { kind: "service", service: "catalog" },
    settings: { requestVolumeThreshold: 1000 },
    fallbacks: [{ kind: "last-good", ...lastGood }],
    ...more,
  });
}

type Method = "GET" | "HEAD" | "POST" | "DELETE" | "OPTIONS";

async function get(path = "/", headers: Record<string, string> = {}, method: Method = "GET") {
  const got = await request(mesh.edge + path, { method, headers });
  const { statusCode: status, headers: fields } = got;
  return { status, fields, text: await got.body.text(), fallback: fields["x-mesh-fallback"] };
}

/** What is shown once the service is broken. */
async function afterwards(path = "/", headers: Record<string, string> = {}, method: Method = "GET") {
  broken = true;
  const got = await get(path, headers, method);
  broken = false;
  return got.fallback === undefined ? got.text : `${String(got.fallback)}: ${got.text}`;
}

const KEPT = "last-good;reason=failure: good /";

describe("the last good reply", () => {
  it("is the whole answer, with the fields it had, its age, and a warning", async () => {
    answer = (_incoming, response) => {
      const fields = {
        "content-type": "text/css",
        etag: '"a"',
        "x-two": ["1", "2"],
        connection: "x-hop",
        "x-hop": "1",
      };
      response.writeHead(200, { ...fields, age: "10", date: "Wed, 25 Nov 2026 12:00:00 GMT" }).end("body {}");
    };
    await get();
    broken = true;
    aheadMs = 20_000;
    const { status, fields, text, fallback } = await get();
    expect([status, text, fallback]).toEqual([200, "body {}", "last-good;reason=failure"]);
    expect(fields).toMatchObject({
      "content-type": "text/css",
      "content-length": "7",
      etag: '"a"',
      "x-two": ["1", "2"],
      date: "Wed, 25 Nov 2026 12:00:00 GMT",
      warning: '110 meshkeeper "Response is Stale"',
      "x-mesh-service": "catalog",
    });
    expect(Number(fields["age"])).toBeGreaterThanOrEqual(30);
    expect(Number(fields["age"])).toBeLessThan(45);
    expect([fields["x-hop"], fields["x-mesh-instance"]]).toEqual([undefined, undefined]);
  });

  it("has the date of when it came, if the service did not say", async () => {
    answer = (_incoming, response) => {
      response.sendDate = false;
      response.end("undated");
    };
    aheadMs = 3_600_000;
    await get();
    broken = true;
    const { fields } = await get();
    // By the gateway's clock.
    expect(Date.parse(String(fields["date"]))).toBeGreaterThan(Date.now() + 3_000_000);
  });

  it("is of the same path, query and host as they are sent", async () => {
    await get("/a?x=1");
    expect(await afterwards("/a?x=1")).toBe("last-good;reason=failure: good /a?x=1");
    for (const path of ["/a", "/a?x=2", "/b?x=1"]) expect(await afterwards(path)).toBe("broken");
    expect(await afterwards("/a?x=1", { host: "other.test" })).toBe("broken");
    // The same when made canonical.
    expect(await afterwards("/%61?x=1")).toBe("last-good;reason=failure: good /a?x=1");
  });

  it("is shown until it is too old", async () => {
    guard({ maxAgeMs: 60_000 });
    await get();
    aheadMs = 50_000;
    expect(await afterwards()).toBe(KEPT);
    aheadMs = 61_000;
    expect(await afterwards()).toBe("broken");
  });

  it("is replaced by the next, and forgotten when that says something else", async () => {
    await get();
    answer = (_incoming, response) => void response.end("better");
    await get();
    expect(await afterwards()).toBe("last-good;reason=failure: better");
    answer = (_incoming, response) => void response.writeHead(404).end("gone");
    await get();
    expect(await afterwards()).toBe("broken");
  });

  it("outlives a 304 and a 206, which are not whole, and is given for conditions and ranges", async () => {
    await get();
    for (const status of [304, 206]) {
      answer = (_incoming, response) => void response.writeHead(status).end();
      await get();
    }
    expect(await afterwards("/", { "if-none-match": '"x"', range: "bytes=0-1" })).toBe(KEPT);
    expect(await afterwards("/", { "if-match": '"x"' })).toBe("broken");
  });

  it("is of GET and for GET alone, and a change makes an end of it", async () => {
    await get("/", {}, "HEAD");
    expect(await afterwards()).toBe("broken");
    await get();
    for (const method of ["HEAD", "OPTIONS", "POST"] as const)
      expect(await afterwards("/", {}, method)).toBe(method === "HEAD" ? "" : "broken");
    expect(await afterwards()).toBe(KEPT);
    await get("/", {}, "POST");
    expect(await afterwards()).toBe("broken");
  });

  it.each<[string, Record<string, string>]>([
    ["private", { "cache-control": "private" }],
    ["no-store", { "cache-control": "no-store" }],
    ["a cookie", { "set-cookie": "session=1" }],
    ["chosen by anything", { vary: "*" }],
    ["stale as soon as it is sent", { "cache-control": "max-age=0, must-revalidate" }],
  ])("is not kept when others may not see it: %s", async (_why, fields) => {
    answer = (_incoming, response) => void response.writeHead(200, fields).end("mine");
    await get();
    expect(await afterwards()).toBe("broken");
  });

  it("is shown neither from nor to people with credentials, unless it is for all", async () => {
    await get("/", { authorization: "Basic x" });
    await get("/", { cookie: "session=1" });
    expect(await afterwards()).toBe("broken");
    await get();
    expect(await afterwards("/", { cookie: "session=1" })).toBe("broken");
    answer = (_incoming, response) => void response.writeHead(200, { "cache-control": "public" }).end("for all");
    await get("/", { authorization: "Basic x" });
    for (const fields of [{}, { authorization: "Basic y" }])
      expect(await afterwards("/", fields)).toBe("last-good;reason=failure: for all");
  });

  it("is for those who ask as it was asked for: by what the service gets, which the route may have set", async () => {
    answer = (incoming, response) =>
      void response
        .writeHead(200, { vary: "accept-language, x-client" })
        .end(String(incoming.headers["accept-language"]));
    route({ requestHeaders: { set: [{ name: "x-client", value: "{caller}" }] } });
    const outside = { "accept-language": "de", "x-client": "storefront" };
    await get("/", outside);
    expect(await afterwards("/", outside)).toBe("last-good;reason=failure: de");
    expect(await afterwards("/", { ...outside, "accept-language": "en" })).toBe("broken");
    broken = true;
    const egress = `http://127.0.0.1:${mesh.gateway.egressPorts["storefront"]}`;
    const host = new URL(mesh.edge).host;
    const fromStorefront = await request(egress, { headers: { ...outside, host } });
    expect(await fromStorefront.body.text()).toBe("broken");
  });

  it("is given encoded only to those who take it so", async () => {
    answer = (_incoming, response) => void response.writeHead(200, { "content-encoding": "gzip" }).end("zipped");
    await get("/", { "accept-encoding": "gzip" });
    expect(await afterwards("/", { "accept-encoding": "gzip" })).toBe("last-good;reason=failure: zipped");
    expect(await afterwards()).toBe("broken");
  });

  it("is changed by the route once, also when it is shown again", async () => {
    route({ responseHeaders: { add: [{ name: "x-shop", value: "open" }] } });
    await get();
    broken = true;
    for (let index = 0; index < 2; index += 1) expect((await get()).fields["x-shop"]).toBe("open");
  });

  it("is kept as it streams by, without holding it up, once it is whole", async () => {
    let end = (): void => undefined;
    answer = (_incoming, response) => {
      response.write("first ");
      end = () => response.end("last");
    };
    const streaming = await request(mesh.edge);
    const pieces: string[] = [];
    streaming.body.on("data", (chunk: Buffer) => pieces.push(chunk.toString()));
    await until(() => pieces.length === 1);
    expect(await afterwards()).toBe("broken");
    end();
    await until(() => pieces.join("") === "first last");
    expect(await until(async () => (await afterwards()) !== "broken" && (await afterwards()))).toBe(
      "last-good;reason=failure: first last",
    );
  });

  it("is not one that broke off, or whose reader went away", async () => {
    await get();
    answer = (_incoming, response) => {
      response.writeHead(200, { "content-length": "100" }).write("half");
      setImmediate(() => response.destroy());
    };
    await expect(get()).rejects.toThrow(/closed|aborted|terminated|socket/i);
    let closed = false;
    answer = (_incoming, response) => {
      response.write("half");
      response.on("close", () => (closed = true));
    };
    const leaving = await request(mesh.edge);
    leaving.body.on("error", () => undefined).destroy();
    await until(() => closed);
    expect(await afterwards()).toBe(KEPT);
  });

  it("is not one that is too large, whether it said so or not; the one before is not shown in its place", async () => {
    guard({ maxBytes: 10 });
    for (const announced of [true, false]) {
      answer = (_incoming, response) => void response.end("small");
      await get();
      expect(await afterwards()).toBe("last-good;reason=failure: small");
      answer = (_incoming, response) => {
        if (!announced) response.write("x");
        response.end("x".repeat(10 + (announced ? 1 : 0)));
      };
      expect((await get()).text).toHaveLength(11);
      expect(await afterwards()).toBe("broken");
    }
  });

  it("is the service's own, not a backup's", async () => {
    await mesh.serve("backup", (_incoming, response) => response.end("backup"));
    guard({}, { fallbacks: [{ kind: "service", service: "backup" }, { kind: "last-good" }] });
    expect(await afterwards()).toBe("backup;reason=failure: backup");
    mesh.deregister("backup-2");
    expect(await until(async () => (await afterwards()) === "broken")).toBe(true);
  });

  it("outlives a change of policy and of the registry, and is forgotten when no fallback asks for it", async () => {
    await get();
    guard({ maxAgeMs: 30_000 }, { settings: { requestVolumeThreshold: 999 } });
    route({ timeoutMs: 7000 });
    mesh.register({ service: "catalog", id: "refusing", port: 1 });
    mesh.deregister("refusing");
    expect(await afterwards()).toBe(KEPT);
    guard({}, { fallbacks: [] });
    guard();
    expect(await afterwards()).toBe("broken");
    await get();
    expect(await afterwards()).toBe(KEPT);
  });

  it("is shown when the breaker is open, forced open, or there is no instance", async () => {
    const settings = { requestVolumeThreshold: 2, sleepWindowMs: 60_000 };
    guard({}, { settings });
    await get();
    expect(await afterwards()).toBe(KEPT);
    expect(await afterwards()).toBe("last-good;reason=short-circuited: good /");
    mesh.force({ target: { kind: "service", service: "catalog" }, mode: "forced-open" });
    expect(await afterwards()).toBe("last-good;reason=forced-open: good /");
  });
});
