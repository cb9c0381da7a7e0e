import { request } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RouteDraft } from "#domain/route.ts";
import { exchangeBytes } from "../test-bed/peer.ts";
import { TestMesh } from "../test-bed/test-mesh.ts";

let mesh: TestMesh;
let reached: string[];
beforeEach(async () => {
  mesh = await TestMesh.start();
  reached = [];
  for (const service of ["shop", "other"]) {
    await mesh.serve(service, (incoming, response) => {
      reached.push(`${service} ${incoming.method}`);
      response.writeHead(200, {
        "access-control-allow-origin": "https://the-service-says.test",
        "access-control-allow-credentials": "true",
        vary: "accept-encoding",
      });
      response.end("ok");
    });
  }
});
afterEach(() => mesh.stop());

type CorsDraft = NonNullable<RouteDraft["cors"]>;

function shop(cors: CorsDraft | null, extra: Partial<RouteDraft> = {}): void {
  mesh.route("shop", { destinations: [{ service: "shop", weight: 1 }], cors, ...extra });
}

async function ask(headers: Record<string, string>, method: "GET" | "OPTIONS" | "PUT" = "OPTIONS", path = "/") {
  const answer = await request(mesh.edge + path, { method, headers });
  await answer.body.dump();
  const allowed = Object.entries(answer.headers).filter(([name]) => name.startsWith("access-control-"));
  return { status: answer.statusCode, allowed: Object.fromEntries(allowed), headers: answer.headers };
}

const PAGE = "https://shop.example.com";
const preflight = (method: string, headers?: string, origin = PAGE): Record<string, string> => ({
  origin,
  "access-control-request-method": method,
  ...(headers === undefined ? {} : { "access-control-request-headers": headers }),
});

describe("a preflight", () => {
  const CORS: CorsDraft = {
    origins: [PAGE],
    methods: ["GET", "PUT"],
    headers: ["X-Token", "content-type"],
    credentials: true,
    exposed: ["x-total"],
    maxAgeS: 60,
  };

  it("is answered here: what may be sent, by whom, and for how long that may be remembered", async () => {
    shop(CORS);
    const { status, allowed, headers } = await ask(preflight("PUT", "content-type, X-TOKEN"));
    expect(status).toBe(204);
    expect(allowed).toEqual({
      "access-control-allow-origin": PAGE,
      "access-control-allow-credentials": "true",
      "access-control-allow-methods": "GET, PUT",
      "access-control-allow-headers": "x-token, content-type",
      "access-control-max-age": "60",
    });
    expect(headers["vary"]).toContain("origin");
    expect(reached).toEqual([]);
  });

  it.each([
    ["an origin that may not call", preflight("PUT", "x-token", "https://evil.test")],
    ["a method that may not be used", preflight("DELETE")],
    ["a method in another case", preflight("put")],
    ["a header that may not be sent", preflight("PUT", "x-token, x-other")],
    ["an opaque origin", preflight("GET", undefined, "null")],
  ])("for %s gets 403 and no leave", async (_case, headers) => {
    shop(CORS);
    expect(await ask(headers)).toMatchObject({ status: 403, allowed: {} });
    expect(reached).toEqual([]);
  });

  it("finds the route that will take the request it asks for, though that takes no OPTIONS", async () => {
    mesh.route("other", { destinations: [{ service: "other", weight: 1 }] });
    shop(CORS, { matches: [{ path: { kind: "prefix", value: "/api" }, methods: ["PUT"] }] });
    expect(await ask(preflight("PUT"), "OPTIONS", "/api/x")).toMatchObject({ status: 204 });
    expect(reached).toEqual([]);
  });

  it("goes to the service when the route it asks for has no CORS of its own", async () => {
    mesh.route("other", { destinations: [{ service: "other", weight: 1 }] });
    shop(null, { matches: [{ methods: ["PUT"] }] });
    await ask(preflight("PUT"));
    expect(reached).toEqual(["other OPTIONS"]);
  });

  it("is not counted by a rate limit", async () => {
    shop(CORS, { rateLimits: [{ requests: 1, perMs: 3_600_000, burst: 1 }] });
    for (let index = 0; index < 3; index += 1) expect((await ask(preflight("GET"))).status).toBe(204);
    expect((await ask({ origin: PAGE }, "GET")).status).toBe(200);
  });

  it("is not what an OPTIONS without a requested method is", async () => {
    shop(CORS);
    expect(await ask({ origin: PAGE })).toMatchObject({ status: 200 });
    expect(await ask({ "access-control-request-method": "PUT" })).toMatchObject({ status: 200, allowed: {} });
    expect(reached).toEqual(["shop OPTIONS", "shop OPTIONS"]);
  });

  it("with a star for headers lets any be sent, but not with credentials", async () => {
    shop({ origins: ["*"], headers: ["*"] });
    expect(await ask(preflight("GET", "x-anything"))).toMatchObject({
      status: 204,
      allowed: { "access-control-allow-origin": "*", "access-control-allow-headers": "*" },
    });
    shop({ origins: [PAGE], headers: ["*"], credentials: true });
    expect((await ask(preflight("GET", "x-anything"))).status).toBe(403);
  });
});

describe("an answer to another origin's page", () => {
  it("names the origin, and nothing the service said of it is left", async () => {
    shop({ origins: [PAGE], exposed: ["x-total"], credentials: true });
    const { allowed, headers } = await ask({ origin: PAGE }, "GET");
    expect(allowed).toEqual({
      "access-control-allow-origin": PAGE,
      "access-control-allow-credentials": "true",
      "access-control-expose-headers": "x-total",
    });
    expect(headers["vary"]).toEqual(["accept-encoding", "origin"]);
  });

  it("for an origin that may not call, or without one, gives no leave, and tells caches that it differs", async () => {
    shop({ origins: [PAGE] });
    for (const headers of [{ origin: "https://evil.test" }, {}] as Record<string, string>[]) {
      const answer = await ask(headers, "GET");
      expect(answer).toMatchObject({ status: 200, allowed: {} });
      expect(answer.headers["vary"]).toContain("origin");
    }
  });

  it("is the same for all where every origin may call", async () => {
    shop({ origins: ["*"] });
    const { allowed, headers } = await ask({ origin: "https://any.test" }, "GET");
    expect(allowed).toEqual({ "access-control-allow-origin": "*" });
    expect(headers["vary"]).toBe("accept-encoding");
  });

  it("can be read also when it is a refusal of the gateway", async () => {
    shop({ origins: [PAGE] }, { rateLimits: [{ requests: 1, perMs: 3_600_000, burst: 1 }] });
    await ask({ origin: PAGE }, "GET");
    expect(await ask({ origin: PAGE }, "GET")).toMatchObject({
      status: 429,
      allowed: { "access-control-allow-origin": PAGE },
    });
  });

  it("with two origins gives no leave", async () => {
    shop({ origins: [PAGE] });
    const bytes = `GET / HTTP/1.1\r\nhost: a\r\norigin: ${PAGE}\r\norigin: ${PAGE}\r\nconnection: close\r\n\r\n`;
    const { text } = await exchangeBytes(mesh.gateway.edgePort, bytes);
    expect(text).toMatch(/^HTTP\/1.1 200 /);
    expect(text).not.toContain("access-control");
  });
});

describe("an origin with a star", () => {
  it.each([
    ["https://*.example.com", "https://a.example.com", true],
    ["https://*.example.com", "https://a.b.example.com", true],
    ["https://*.example.com", "https://example.com", false],
    ["https://*.example.com", "http://a.example.com", false],
    ["https://*.example.com", "https://a.example.com:8443", false],
    ["https://*.example.com:8443", "https://a.example.com:8443", true],
    ["https://*.example.com", "https://evil.test/.example.com", false],
    ["https://*.example.com", "https://evil.test:1@.example.com", false],
    ["https://*.example.com", "https://.example.com", false],
    ["https://*.example.com:443", "https://a.example.com", true],
    ["http://shop.test:80", "http://shop.test", true],
    ["http://shop.test:8080", "http://shop.test", false],
  ])("%s lets %s call: %s", async (pattern, origin, may) => {
    shop({ origins: [pattern] });
    const { allowed } = await ask({ origin }, "GET");
    expect(allowed).toEqual(may ? { "access-control-allow-origin": origin } : {});
  });
});
