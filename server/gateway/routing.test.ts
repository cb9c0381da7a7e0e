import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { request } from "undici";
import { bodyOf, until } from "./test-bed/peer.ts";
import { TestMesh } from "./test-bed/test-mesh.ts";

let mesh: TestMesh;
beforeEach(async () => {
  mesh = await TestMesh.start();
});
afterEach(() => mesh.stop());

const named = (name: string) => (_request: unknown, response: { end(text: string): void }) => response.end(name);

async function get(path: string, headers: Record<string, string> = {}, method = "GET") {
  const answer = await request(mesh.edge + path, { method, headers });
  return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
}

it("an id with a line break in it is told encoded, and adds no header", async () => {
  await mesh.serve("odd", (_incoming, response) => response.end("odd"), { id: "é\r\nx-evil: 1" });
  mesh.route("odd", { destinations: [{ service: "odd", weight: 1 }] });
  const { headers, statusCode } = await request(mesh.edge);
  expect(statusCode).toBe(200);
  expect(headers["x-mesh-instance"]).toBe("%C3%A9%0D%0Ax-evil%3A%201");
  expect(headers["x-evil"]).toBeUndefined();
});

describe("routing", () => {
  it("goes by host, path, method, header and query parameter", async () => {
    for (const service of ["any", "host", "path", "method", "header", "query"])
      await mesh.serve(service, named(service));
    const to = (service: string) => [{ service, weight: 1 }];
    mesh.route("any", { destinations: to("any") });
    mesh.route("host", { hosts: ["shop.test"], destinations: to("host") });
    mesh.route("path", { matches: [{ path: { kind: "prefix", value: "/p" } }], destinations: to("path") });
    mesh.route("method", { matches: [{ methods: ["DELETE"] }], destinations: to("method") });
    mesh.route("header", {
      matches: [{ headers: [{ name: "X-Beta", match: { kind: "exact", value: "1" } }] }],
      destinations: to("header"),
    });
    mesh.route("query", {
      matches: [{ query: [{ name: "q", match: { kind: "exact", value: "a b" } }] }],
      destinations: to("query"),
    });
    expect((await get("/")).text).toBe("any");
    expect((await get("/", { host: "SHOP.test:8080" })).text).toBe("host");
    expect((await get("/p/x")).text).toBe("path");
    expect((await get("/%70/x")).text).toBe("path");
    expect((await get("/", {}, "DELETE")).text).toBe("method");
    expect((await get("/", { "x-beta": "1" })).text).toBe("header");
    expect((await get("/?q=a+b")).text).toBe("query");
  });

  it("says what happened in response headers, and names instances by id", async () => {
    await mesh.serve("catalog", named("ok"), { id: "cat-1", metadata: { version: "2" } });
    mesh.route("shop", { destinations: [{ service: "catalog", labels: { version: "2" }, weight: 1 }] });
    const { headers } = await get("/");
    expect(headers).toMatchObject({
      "x-mesh-route": "shop",
      "x-mesh-service": "catalog",
      "x-mesh-subset": "version=2",
      "x-mesh-instance": "cat-1",
      "x-mesh-attempts": "1",
      "x-mesh-revision": "1",
    });
    expect(headers["x-mesh-fallback"]).toBeUndefined();
    expect(headers["x-request-id"]).toMatch(/^[0-9a-f]{32}$/);
    expect(headers["server-timing"]).toMatch(/^gw;dur=\d+(?:\.\d\d?)?, up;dur=\d+(?:\.\d\d?)?$/);
  });

  it("answers 404 as a problem when no route takes the request", async () => {
    mesh.route("other", { hosts: ["other.test"], destinations: [{ service: "x", weight: 1 }] });
    const { status, headers, text } = await get("/nowhere");
    expect(status).toBe(404);
    expect(headers["content-type"]).toBe("application/problem+json");
    expect(JSON.parse(text)).toMatchObject({ code: "NO_ROUTE", status: 404, blame: "caller" });
  });

  it("answers 503 with Retry-After when no instance serves, and leaves out those that say they do not", async () => {
    await mesh.serve("cart", named("cart"), { serving: false });
    mesh.route("cart", { destinations: [{ service: "cart", weight: 1 }] });
    const { status, headers, text } = await get("/");
    expect(status).toBe(503);
    expect(headers["retry-after"]).toBe("1");
    expect(JSON.parse(text)).toMatchObject({ code: "NO_HEALTHY_INSTANCE" });
  });

  it("answers 503 before any policy has arrived", async () => {
    expect(await get("/")).toMatchObject({ status: 503 });
  });

  it("knows the caller on its egress listener, and offers it only routes for inside", async () => {
    await mesh.serve("catalog", (incoming, response) => response.end(incoming.headers["x-request-id"]));
    mesh.route("inside", {
      hosts: ["catalog.mesh"],
      listeners: ["egress"],
      destinations: [{ service: "catalog", weight: 1 }],
    });
    const port = mesh.gateway.egressPorts["storefront"];
    const inside = await request(`http://127.0.0.1:${port}/`, {
      headers: { host: "catalog.mesh", "x-request-id": "hop-7" },
    });
    expect(inside.headers["x-mesh-route"]).toBe("inside");
    expect(await inside.body.text()).toBe("hop-7");
    expect((await get("/", { host: "catalog.mesh" })).status).toBe(404);
  });
});

describe("balancing", () => {
  it("splits by weight exactly, follows an edit of the weights at once, and takes turns among instances", async () => {
    await mesh.serve("inventory", named("v1"), { metadata: { version: "1" } });
    await mesh.serve("inventory", named("v2a"), { metadata: { version: "2" } });
    await mesh.serve("inventory", named("v2b"), { metadata: { version: "2" } });
    const weights = (v1: number, v2: number): void =>
      mesh.route("inventory", {
        destinations: [
          { service: "inventory", labels: { version: "1" }, weight: v1 },
          { service: "inventory", labels: { version: "2" }, weight: v2 },
        ],
      });
    const tally = async (count: number) => {
      const seen: Record<string, number> = {};
      for (let index = 0; index < count; index += 1) {
        const { text } = await get("/");
        seen[text] = (seen[text] ?? 0) + 1;
      }
      return seen;
    };
    weights(80, 20);
    expect(await tally(50)).toEqual({ v1: 40, v2a: 5, v2b: 5 });
    weights(0, 100);
    expect(await tally(10)).toEqual({ v2a: 5, v2b: 5 });
  });

  it("tries one other instance when the first cannot be connected to, and counts one good call", async () => {
    const gone = await mesh.serve("catalog", named("gone"), { id: "a" });
    await mesh.serve(
      "catalog",
      (incoming, response) => void bodyOf(incoming).then((body) => response.end(`live ${body.length}`)),
      { id: "b" },
    );
    mesh.route("shop", { destinations: [{ service: "catalog", weight: 1 }] });
    await gone.stop();
    for (let index = 0; index < 4; index += 1) {
      const answer = await request(mesh.edge, { method: "POST", body: "12345" });
      expect([answer.statusCode, await answer.body.text()]).toEqual([200, "live 5"]);
    }
  });

  it("sees instances come and go", async () => {
    mesh.route("shop", { destinations: [{ service: "catalog", weight: 1 }] });
    await mesh.serve("catalog", named("one"), { id: "one" });
    expect((await get("/")).text).toBe("one");
    await mesh.serve("catalog", named("two"), { id: "two" });
    mesh.deregister("one");
    expect((await get("/")).text).toBe("two");
    await until(async () => (await get("/")).text === "two");
  });
});
